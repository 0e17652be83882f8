#include "engine/memory.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "native-test/check.h"
#include "runtime/slabs.h"

namespace test {
namespace {

using namespace ripvec;

bool holds(const Memory& block, int value) {
  for (size_t i = 0; i < block.size(); i++) {
    if (block.data()[i] != static_cast<std::byte>(value)) return false;
  }
  return true;
}

bool is_aligned(const Memory& block) { return reinterpret_cast<uintptr_t>(block.data()) % 64 == 0; }

}  // namespace

void test_memory() {
  // The sizes are below and above the size from which memory is mapped, and one that is mapped in
  // huge pages is not a whole number of pages.
  for (const size_t bytes : {size_t{1}, size_t{300} << 10, (size_t{5} << 20) + 1}) {
    Memory block(bytes);
    std::memset(block.data(), 7, bytes);
    Memory moved(std::move(block));
    expect(block.size() == 0 && is_aligned(moved) && holds(moved, 7), "memory: a block");
  }
  // The last block is larger than a slab, and the one before it does not fit in the rest of its
  // slab.
  std::vector<size_t> sizes;
  for (size_t i = 0; i < 40; i++) sizes.push_back(i * 30011 + 1);
  sizes.push_back(size_t{15} << 20);
  sizes.push_back((size_t{17} << 20) + 1);
  Slabs slabs;
  std::vector<Memory> blocks;
  for (size_t i = 0; i < sizes.size(); i++) {
    blocks.push_back(slabs.take(sizes[i]));
    std::memset(blocks[i].data(), static_cast<int>(i), sizes[i]);
    if (i % 3 == 2) blocks[i - 1] = Memory();
  }
  // The small blocks fill 16 MB of one slab and 7 MB of another; the last block fills 17 MB of a
  // slab of its own. The block of 15 MB was released.
  int joined = 0;
  while (slabs.join_pages()) joined++;
  expect(joined == 8 + 4 + 8, "slabs: all that are left are joined");
  expect(!slabs.join_pages(), "slabs: once");
  for (size_t i = 0; i < sizes.size(); i++) {
    const bool released = i % 3 == 1 && i + 1 < sizes.size();
    expect(blocks[i].size() == (released ? 0 : sizes[i]), "slabs: size");
    expect(is_aligned(blocks[i]) && holds(blocks[i], static_cast<int>(i)), "slabs: a block");
  }
  blocks.clear();
  blocks.push_back(slabs.take(size_t{5} << 20));
  expect(slabs.join_pages() && slabs.join_pages() && !slabs.join_pages(),
         "slabs: what is released is not joined, nor what is not used yet");
}

}  // namespace test
