// embedding_lookup: out[r] = table[ids[r]], table [vocab, cols], out [rows, cols].
// runtime/table_row.h reads the table. A thread owns whole rows.
#include "runtime/parallel.h"
#include "runtime/set_kernels.h"
#include "runtime/table_row.h"

namespace ripvec::RIPVEC_ISA {
namespace {

template <DType kFrom>
void lookup(const EmbeddingLookup& args, const TableRows& table, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; row++) {
    const TableRow<kFrom> from(table.stored, table.ids[row], args.cols);
    float* to = args.out + row * args.cols;
    int64_t i = 0;
    for (; i + kLanes <= args.cols; i += kLanes) store(to + i, from.at(i));
    if (const int64_t left = args.cols - i) store_n(to + i, from.at_n(i, left), left);
  }
}

}  // namespace

void embedding_lookup(ThreadPool& pool, const EmbeddingLookup& args) {
  const TableRows table = args.table.rows(pool, args.ids, args.rows);
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    switch (table.stored.dtype) {
      case DType::f16:
        return lookup<DType::f16>(args, table, begin, end);
      case DType::bf16:
        return lookup<DType::bf16>(args, table, begin, end);
      case DType::i8:
        return lookup<DType::i8>(args, table, begin, end);
      default:
        return lookup<DType::f32>(args, table, begin, end);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
