package io.garrison.guards.modules.below;

import io.garrison.guards.modules.above.Above;

record Below(Above forbidden) {}
