package org.gradus.kernel.simd;

import java.util.Optional;

/** Kernels that have panels; {@link PanelKernels#of} asks them. */
interface WithPanels {

    /** Those for the thread of these kernels, always the same object. */
    Optional<PanelKernels> panels();
}
