@NullMarked
package io.garrison.images;

import org.jspecify.annotations.NullMarked;
