/** The chart is rendered with Helm itself, and held to Kubernetes' own models and to rules of ours. */
@NullMarked
package io.garrison.helm;

import org.jspecify.annotations.NullMarked;
