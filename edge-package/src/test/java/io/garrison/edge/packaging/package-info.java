@NullMarked
package io.garrison.edge.packaging;

import org.jspecify.annotations.NullMarked;
