// Dot products of small integers for the instruction set that this file is compiled for, under the
// same names for each set. runtime/simd.h has the operations on floats. Every sum is exact: nothing
// saturates.
//
//   Left            an element of a quantised row: 8 or 16 bits, as the product instruction needs
//   stored_zero(z)  the stored value of zero in a row whose zero point is z: an activation that is
//                   q steps from zero is stored as q + stored_zero(z)
//   store_left      stores kLanes elements of a row from the whole numbers in a V
//   store_bytes     the same as signed bytes
//   kGroup          the number of elements of k in one product instruction
//   Group           kGroup elements for each of the kLanes columns; splat_group uses the same
//                   elements for all columns
//   Sums            kLanes sums of 32 bits; scaled(p, n) is n · p[0 … kLanes − 1]
//   dot(s, l, r)    s + Σ l·r over the group
#pragma once

#include "runtime/simd.h"

#if RIPVEC_ID == RIPVEC_ID_portable
#include "runtime/dot/portable.h"
#elif RIPVEC_ID == RIPVEC_ID_avx2 || RIPVEC_ID == RIPVEC_ID_avx2_vnni
#include "runtime/dot/avx2.h"
#elif RIPVEC_ID == RIPVEC_ID_avx512 || RIPVEC_ID == RIPVEC_ID_avx512_vnni
#include "runtime/dot/avx512.h"
#elif RIPVEC_ID == RIPVEC_ID_neon || RIPVEC_ID == RIPVEC_ID_neon_dot
#include "runtime/dot/neon.h"
#endif
