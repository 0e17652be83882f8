// add_embeddings: out[r] = x[r] + table[ids[r]], x and out [rows, cols], table [vocab, cols].
// runtime/table_row.h reads the table. A value of the table is rounded to f32 before it is added;
// the two steps are never fused. A thread owns whole rows.
#include "runtime/parallel.h"
#include "runtime/set_kernels.h"
#include "runtime/table_row.h"

namespace ripvec::RIPVEC_ISA {
namespace {

template <DType kFrom>
void add_rows(const AddEmbeddings& args, const TableRows& table, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; row++) {
    const TableRow<kFrom> from(table.stored, table.ids[row], args.cols);
    const float* x = args.x + row * args.cols;
    float* to = args.out + row * args.cols;
    int64_t i = 0;
    for (; i + kLanes <= args.cols; i += kLanes) store(to + i, add(load(x + i), from.at(i)));
    if (const int64_t left = args.cols - i) {
      store_n(to + i, add(load_n(x + i, left), from.at_n(i, left)), left);
    }
  }
}

}  // namespace

void add_embeddings(ThreadPool& pool, const AddEmbeddings& args) {
  const TableRows table = args.table.rows(pool, args.ids, args.rows);
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    switch (table.stored.dtype) {
      case DType::f16:
        return add_rows<DType::f16>(args, table, begin, end);
      case DType::bf16:
        return add_rows<DType::bf16>(args, table, begin, end);
      case DType::i8:
        return add_rows<DType::i8>(args, table, begin, end);
      default:
        return add_rows<DType::f32>(args, table, begin, end);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
