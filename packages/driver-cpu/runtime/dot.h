// Products of small integers for the instruction set this file is compiled for, all under the same
// names; the floats are runtime/simd.h's. Every sum is exact: nothing saturates.
//
//   Left            an element of a quantised row: 8 or 16 bits, whatever the products want
//   stored_zero(z)  what zero is stored as in a row whose zero point is z: an activation that is q
//                   steps away from zero is stored as q + stored_zero(z)
//   store_left      the first kLanes elements of a row from whole numbers in V
//   store_bytes     the same of signed bytes
//   kGroup          how many elements of k one product takes
//   Group           kGroup elements for each of the kLanes columns; splat_group: the same for all
//   Sums            kLanes sums of 32 bits; scaled(p, n): n · p[0 … kLanes − 1]
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
