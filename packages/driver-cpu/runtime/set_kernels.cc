// The table of this instruction set's kernels.
#include "runtime/set_kernels.h"

#include "runtime/matmul_i8.h"
#include "runtime/narrow_rows.h"
#include "runtime/packed_matrix.h"

namespace ripvec::RIPVEC_ISA {

extern const KernelTable kernels;
const KernelTable kernels = {.packed_bytes = packed_bytes,
                             .pack_matrix = pack_matrix,
                             .narrow_rows = narrow_rows,
                             .i8 = &i8_kernels,
#define RIPVEC_KERNEL(name, Params) .name = name,
                             RIPVEC_KERNELS(RIPVEC_KERNEL)
#undef RIPVEC_KERNEL
};

}  // namespace ripvec::RIPVEC_ISA
