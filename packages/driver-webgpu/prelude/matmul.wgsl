// One tile of left · right, by 256 threads as 16 × 16. Thread (y, x) owns the elements (y + 16 i, x + 16 j) of
// the tile. The op gives load_left(row, k), load_right(col, k), each four elements along k, zeros outside, and
// store(row, col, sum). A sum runs over k = 0, 1, … in one chain of fused multiply-adds, whatever the tile: so an
// element has the same bits in tiles of every size, in every product with the same row and column.

const depth = 4u; // of a step, in groups of four elements
const stride = depth + 1; // of a row in workgroup memory: odd, so that 8 threads hit 8 groups of banks
