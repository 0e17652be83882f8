// out = softmax(scale · rope(q) · rope(k)ᵀ + bias) · v inside each sequence. left [tokens, 3 · heads · head_dim] holds Q, K, V;
// out [tokens, heads · head_dim]; biases [heads, distances], of key − query; blocks [n, 4]: first token of the
// sequence, its length, first query. One workgroup
// of 8 × 8 threads owns 32 queries of one head, and 128 columns of its values. It goes over the keys in blocks
// of 32 from the sequence's start, with a running maximum and sum; thread (y, x) owns the scores (y + 8 i, x + 8 j) and the
// columns 4 x … 4 x + 3 of every 32. Everything in f32; the order of all sums depends on the sequence alone.
@group(0) @binding(1) var<storage, read> cos_table: array<f32>;
@group(0) @binding(2) var<storage, read> sin_table: array<f32>;
@group(0) @binding(3) var<storage, read> positions: array<u32>;
@group(0) @binding(4) var<storage, read> biases: array<f32>;
@group(0) @binding(5) var<storage, read> blocks: array<u32>;
@group(0) @binding(6) var<storage, read_write> out: array<Activation>;

const wide = 9u; // groups of four columns in a row of a tile, one of them unused
const lowest = -0x1.fffffep+127; // the lowest f32

var<workgroup> query_tile: array<vec4f, 32 * wide>;
var<workgroup> key_tile: array<vec4f, 32 * wide>;
var<workgroup> probabilities: array<f32, 32 * 33>;
var<workgroup> partial: array<f32, 32 * 9>;

// Columns d … d + 3 of a head, zeros outside. part: 0 Q, 1 K, 2 V.
fn load(token: u32, is_inside: bool, part: u32, head: u32, d: u32) -> vec4f {
  if (!is_inside || d >= params.head_dim) { return vec4f(); }
  let width = params.heads * params.head_dim;
  let first = params.left_offset + token * 3 * width + part * width + head * params.head_dim;
  let count = params.head_dim - d;
  if (params.has_rope == 0 || part == 2) { return left4(first + d, count); }
  var values = vec4f();
  for (var i = 0u; i < min(count, 4u); i++) { values[i] = rotated(first, token, d + i); }
  return values;
}

// Column d of a rotated head: a cos − b sin in its first half, b cos + a sin in its second.
fn rotated(first: u32, token: u32, d: u32) -> f32 {
  let half = params.head_dim / 2;
  let pair = d % half;
  let angle = positions[params.positions_offset + token] * half + pair;
  let c = cos_table[params.cos_table_offset + angle];
  let s = sin_table[params.sin_table_offset + angle];
  let a = left1(first + pair);
  let b = left1(first + half + pair);
  return select(fma(b, c, a * s), fma(a, c, -(b * s)), d < half);
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let index = group_index(group, groups);
  if (index >= params.groups) { return; }
  let per_block = params.heads * params.value_parts;
  let block = params.blocks_offset + index / per_block * 4;
  let head = index % per_block / params.value_parts;
  let first_column = index % params.value_parts * 128;
  let start = blocks[block];
  let length = blocks[block + 1];
  let first_query = blocks[block + 2];
  let x = thread % 8;
  let y = thread / 8;
  // For a narrow head one tile holds the queries, and it is used for all keys.
  let is_narrow = params.head_dim <= 32;

  var maxima = vec4f(lowest); // of query y + 8 i
  var sums = vec4f(); // of the keys that this thread owns
  var values: array<vec4f, 16>; // [column / 32][i]

  let first_key = (first_query - min(first_query, params.before)) / 32 * 32;
  let end_key = min(length, first_query + 32 + min(params.after, length));
  for (var key = first_key; key < end_key; key += 32) {
    var s0 = vec4f(); // scores of query y, keys x + 8 j
    var s1 = vec4f();
    var s2 = vec4f();
    var s3 = vec4f();
    for (var d = 0u; d < params.head_dim; d += 32) {
      workgroupBarrier();
      for (var i = thread; i < 256; i += 64) {
        let row = i / 8;
        let column = i % 8;
        if (key == first_key || !is_narrow) {
          let query = first_query + row;
          query_tile[row * wide + column] = load(start + query, query < length, 0, head, d + 4 * column);
        }
        key_tile[row * wide + column] = load(start + key + row, key + row < length, 1, head, d + 4 * column);
      }
      workgroupBarrier();
      for (var g = 0u; g < 8; g++) {
        let q0 = query_tile[y * wide + g];
        let q1 = query_tile[(y + 8) * wide + g];
        let q2 = query_tile[(y + 16) * wide + g];
        let q3 = query_tile[(y + 24) * wide + g];
        let k0 = key_tile[x * wide + g];
        let k1 = key_tile[(x + 8) * wide + g];
        let k2 = key_tile[(x + 16) * wide + g];
        let k3 = key_tile[(x + 24) * wide + g];
        let c0 = vec4f(k0.x, k1.x, k2.x, k3.x);
        let c1 = vec4f(k0.y, k1.y, k2.y, k3.y);
        let c2 = vec4f(k0.z, k1.z, k2.z, k3.z);
        let c3 = vec4f(k0.w, k1.w, k2.w, k3.w);
        s0 = fma(vec4f(q0.w), c3, fma(vec4f(q0.z), c2, fma(vec4f(q0.y), c1, fma(vec4f(q0.x), c0, s0))));
        s1 = fma(vec4f(q1.w), c3, fma(vec4f(q1.z), c2, fma(vec4f(q1.y), c1, fma(vec4f(q1.x), c0, s1))));
        s2 = fma(vec4f(q2.w), c3, fma(vec4f(q2.z), c2, fma(vec4f(q2.y), c1, fma(vec4f(q2.x), c0, s2))));
        s3 = fma(vec4f(q3.w), c3, fma(vec4f(q3.z), c2, fma(vec4f(q3.y), c1, fma(vec4f(q3.x), c0, s3))));
      }
    }
    let keys = vec4u(key + x) + vec4u(0, 8, 16, 24);
    var v0 = visible(first_query + y, keys, length);
    var v1 = visible(first_query + y + 8, keys, length);
    var v2 = visible(first_query + y + 16, keys, length);
    var v3 = visible(first_query + y + 24, keys, length);
    s0 *= params.scale;
    s1 *= params.scale;
    s2 *= params.scale;
    s3 *= params.scale;
    if (params.distances != 0) {
      let b0 = biases_of(head, first_query + y, keys);
      let b1 = biases_of(head, first_query + y + 8, keys);
      let b2 = biases_of(head, first_query + y + 16, keys);
      let b3 = biases_of(head, first_query + y + 24, keys);
      s0 += b0;
      s1 += b1;
      s2 += b2;
      s3 += b3;
      v0 &= shows(b0);
      v1 &= shows(b1);
      v2 &= shows(b2);
      v3 &= shows(b3);
    }
    s0 = select(vec4f(lowest), s0, v0);
    s1 = select(vec4f(lowest), s1, v1);
    s2 = select(vec4f(lowest), s2, v2);
    s3 = select(vec4f(lowest), s3, v3);

    partial[y * 9 + x] = largest(s0);
    partial[(y + 8) * 9 + x] = largest(s1);
    partial[(y + 16) * 9 + x] = largest(s2);
    partial[(y + 24) * 9 + x] = largest(s3);
    workgroupBarrier();
    var seen = maxima;
    for (var j = 0u; j < 8; j++) { seen = max(seen, partials(y, j)); }
    let shrink = exp(maxima - seen);
    maxima = seen;
    let p0 = select(vec4f(), exp4(s0 - seen.x), v0);
    let p1 = select(vec4f(), exp4(s1 - seen.y), v1);
    let p2 = select(vec4f(), exp4(s2 - seen.z), v2);
    let p3 = select(vec4f(), exp4(s3 - seen.w), v3);
    sums = fma(sums, shrink, vec4f(total(p0), total(p1), total(p2), total(p3)));
    keep(y, x, p0);
    keep(y + 8, x, p1);
    keep(y + 16, x, p2);
    keep(y + 24, x, p3);

    for (var c = 0u; c < 4; c++) {
      let d = first_column + 32 * c;
      if (d >= params.head_dim) { break; }
      workgroupBarrier();
      for (var i = thread; i < 256; i += 64) {
        let row = i / 8;
        key_tile[row * wide + i % 8] = load(start + key + row, key + row < length, 2, head, d + 4 * (i % 8));
      }
      workgroupBarrier();
      var o0 = values[4 * c] * shrink.x;
      var o1 = values[4 * c + 1] * shrink.y;
      var o2 = values[4 * c + 2] * shrink.z;
      var o3 = values[4 * c + 3] * shrink.w;
      for (var j = 0u; j < 32; j++) {
        let value = key_tile[j * wide + x];
        o0 = fma(vec4f(probabilities[y * 33 + j]), value, o0);
        o1 = fma(vec4f(probabilities[(y + 8) * 33 + j]), value, o1);
        o2 = fma(vec4f(probabilities[(y + 16) * 33 + j]), value, o2);
        o3 = fma(vec4f(probabilities[(y + 24) * 33 + j]), value, o3);
      }
      values[4 * c] = o0;
      values[4 * c + 1] = o1;
      values[4 * c + 2] = o2;
      values[4 * c + 3] = o3;
    }
  }

  workgroupBarrier();
  for (var i = 0u; i < 4; i++) { partial[(y + 8 * i) * 9 + x] = sums[i]; }
  workgroupBarrier();
  var whole = vec4f();
  for (var j = 0u; j < 8; j++) { whole += partials(y, j); }
  // The values of a query that sees no key are zeros.
  whole = select(whole, vec4f(1), whole == vec4f());
  for (var c = 0u; c < 4; c++) {
    for (var i = 0u; i < 4; i++) {
      let query = first_query + y + 8 * i;
      let d = first_column + 32 * c + 4 * x;
      if (query < length) { write(start + query, head, d, values[4 * c + i] / whole[i]); }
    }
  }
}

fn visible(query: u32, keys: vec4u, length: u32) -> vec4<bool> {
  return (keys < vec4u(length)) & (keys <= vec4u(query + params.after)) & (vec4u(query) <= keys + params.before);
}

fn biases_of(head: u32, query: u32, keys: vec4u) -> vec4f {
  let reach = i32(params.distances / 2);
  let places = clamp(vec4i(keys) - i32(query), vec4i(-reach), vec4i(reach)) + reach;
  let at = vec4u(params.biases_offset + head * params.distances) + vec4u(places);
  return vec4f(biases[at.x], biases[at.y], biases[at.z], biases[at.w]);
}

// −Infinity hides a key.
fn shows(bias: vec4f) -> vec4<bool> {
  return bitcast<vec4u>(bias) != vec4u(0xff800000u);
}

fn largest(s: vec4f) -> f32 {
  return max(max(s.x, s.y), max(s.z, s.w));
}

// Some devices give 0 for exp(NaN).
fn exp4(x: vec4f) -> vec4f {
  let is_nan = (bitcast<vec4u>(x) & vec4u(0x7fffffff)) > vec4u(0x7f800000);
  return select(exp(x), x, is_nan);
}

fn total(p: vec4f) -> f32 {
  return (p.x + p.y) + (p.z + p.w);
}

// What thread j of each row of threads wrote for queries y + 8 i.
fn partials(y: u32, j: u32) -> vec4f {
  return vec4f(
    partial[y * 9 + j], partial[(y + 8) * 9 + j], partial[(y + 16) * 9 + j], partial[(y + 24) * 9 + j],
  );
}

fn keep(row: u32, x: u32, p: vec4f) {
  for (var j = 0u; j < 4; j++) { probabilities[row * 33 + x + 8 * j] = p[j]; }
}

fn write(token: u32, head: u32, d: u32, value: vec4f) {
  let first = params.out_offset + (token * params.heads + head) * params.head_dim;
  for (var i = 0u; i < 4; i++) {
    if (d + i < params.head_dim) { out[first + d + i] = to_activation(value[i]); }
  }
}
