/**
 * The instance's lease: taken from management or from a file, verified, kept on the disk, returned. It decides whether new
 * revisions are taken, and nothing else: no lease ever stops traffic.
 */
@NullMarked
package io.garrison.edge.license;

import org.jspecify.annotations.NullMarked;
