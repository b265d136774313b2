// strided::array: who owns what, and when it is given back.
#include "check.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>

using namespace strided;

namespace {

void new_memory() {
  const array z = array::zeros<double>({3, 4}, order::F);
  CHECK_EQ(z.shape(), (dims{3, 4}));
  CHECK_EQ(z.strides(), (dims{8, 24}));
  CHECK_EQ(z.dtype(), dtype::f64);
  CHECK_EQ(z.size(), 12);
  CHECK_EQ(z.ndim(), 2);
  CHECK_EQ(reinterpret_cast<std::uintptr_t>(z.data()) % 64, std::uintptr_t{0});
  bool all_zero = true;
  for (const double x : z.as<const double, 2>()) all_zero = all_zero && x == 0.0;
  CHECK(all_zero);

  CHECK_EQ(array::uninit<std::int16_t>({5}, order::C).dtype(), dtype::i16);
  CHECK_EQ(array::uninit(dtype::bf16, {5}, order::C).shape(), (dims{5}));
  CHECK_EQ(array::uninit_opaque(24, {2, 2}, order::C).strides(), (dims{48, 24}));
  struct rgb {
    unsigned char r, g, b;
  };
  CHECK_EQ(array::uninit<rgb>({7}, order::C).strides(), (dims{3}));
  CHECK_EQ(reinterpret_cast<std::uintptr_t>(array::uninit_aligned(4096, dtype::u8, {1}, order::C).data()) % 4096,
           std::uintptr_t{0});
  CHECK_THROWS(array::uninit_aligned(48, dtype::u8, {1}, order::C), STRIDED_E_VALUE, "");
  CHECK_THROWS(array::zeros<double>({-1}, order::C), STRIDED_E_SHAPE, "");
  CHECK_THROWS(array::zeros<double>({std::int64_t{1} << 62}, order::C), STRIDED_E_OVERFLOW, "");
  CHECK_THROWS(array::zeros<double>({std::int64_t{1} << 57}, order::C), STRIDED_E_NO_MEMORY, "");
  CHECK_EQ(array::zeros<float>({0, 4}, order::C).size(), 0);
  CHECK_EQ(array::zeros<float>({}, order::C).size(), 1);
}

void shares() {
  array a = array::zeros<int>({4}, order::C);
  const void* memory = a.data();
  CHECK_EQ(a.shares(), 1);
  {
    const array b = a;
    CHECK_EQ(b.data(), memory);
    CHECK_EQ(a.shares(), 2);
    array c;
    CHECK(!c);
    CHECK_EQ(c.shares(), 0);
    c = b;
    CHECK_EQ(a.shares(), 3);
    array& alias = c;
    c = alias;
    CHECK_EQ(a.shares(), 3);
    const array d = std::move(c);
    CHECK_EQ(a.shares(), 3);
    CHECK_EQ(d.data(), memory);
    CHECK_THROWS(c.view(), STRIDED_E_NULL, "the array is empty");  // NOLINT: moved from, which is said to be empty
    CHECK_THROWS(c.shape(), STRIDED_E_NULL, "");
    CHECK_THROWS(copy(c, order::C), STRIDED_E_NULL, "");
  }
  CHECK_EQ(a.shares(), 1);

  // The words of C: a handle given away and taken back.
  strided_array* handle = a.release();
  CHECK(!a);
  const array kept = array::retain(handle);
  CHECK_EQ(kept.shares(), 2);
  a = array::take(handle);
  CHECK_EQ(a.shares(), 2);
  CHECK_EQ(a.c_array() != nullptr, true);
  swap(a, a);
  a.reset();
  CHECK_EQ(kept.shares(), 1);
}

void views_share_and_borrow() {
  array a = array::zeros<double>({3, 4}, order::C);
  const view row = a.view().index(1);
  CHECK_EQ(a.shares(), 1);  // a view owns nothing
  array kept = a.share(row.flip());
  CHECK_EQ(a.shares(), 2);
  CHECK_EQ(kept.strides(), (dims{-8}));
  a.reset();
  fill(kept, 2.5);  // the block lives on
  CHECK_EQ(kept.to_string(), std::string("[2.5 2.5 2.5 2.5]"));
  double outside[4];
  CHECK_THROWS(kept.share(view::of(outside, {4}, order::C)), STRIDED_E_BOUNDS, "");
}

void copies_and_conversions() {
  array a = array::adopt(std::vector<int>{1, 2, 3, 4, 5, 6}, {2, 3}, order::C);
  const array f = a.copy(order::F);
  CHECK_EQ(f.strides(), (dims{4, 8}));
  CHECK(f.data() != a.data());
  CHECK_EQ(f.to_string(), a.to_string());
  CHECK_EQ(a.contiguous(order::C).data(), a.data());
  CHECK(a.contiguous(order::F).data() != a.data());
  CHECK_EQ(a.cast(dtype::f32, casting::same_kind, order::K).dtype(), dtype::f32);
  CHECK_THROWS(a.cast(dtype::u8, casting::safe, order::C), STRIDED_E_CASTING, "");
  CHECK_THROWS(a.copy(static_cast<order>(7)), STRIDED_E_ENUM, "");
}

/// Counts how often it is released, copied and destroyed.
struct ledger {
  int released = 0;
  int alive = 0;
};
class releaser {
 public:
  explicit releaser(ledger& book) : book_(&book) { ++book_->alive; }
  releaser(const releaser& other) : book_(other.book_) { ++book_->alive; }
  releaser& operator=(const releaser&) = delete;
  ~releaser() { --book_->alive; }
  void operator()() const { ++book_->released; }

 private:
  ledger* book_;
};

void foreign_memory() {
  ledger book;
  double data[6] = {1, 2, 3, 4, 5, 6};
  {
    const array a = array::adopt(view::of(data, {2, 3}, order::C), releaser(book));
    CHECK_EQ(a.data(), static_cast<const void*>(data));
    CHECK_EQ(book.alive, 1);
    const array b = a.share(a.view().transpose());
    const array c = b;
    CHECK_EQ(a.shares(), 3);
    CHECK_EQ(book.released, 0);
  }
  CHECK_EQ(book.released, 1);
  CHECK_EQ(book.alive, 0);

  // A lambda that can only be moved, and owns the memory.
  {
    auto memory = std::make_unique<float[]>(4);
    float* address = memory.get();
    const array a = array::adopt(view::of(address, {4}, order::C), [owned = std::move(memory)] {});
    fill(a, 1.5f);
    CHECK_EQ(address[3], 1.5f);
  }
  // malloc and free; a function; a read-only view stays so.
  {
    auto* p = static_cast<double*>(std::malloc(3 * sizeof(double)));
    const array a = array::adopt(view::of(static_cast<const double*>(p), {3}, order::C), [p] { std::free(p); });
    CHECK(a.view().is_readonly());
  }
  {
    const std::vector<double> wanted = {1, 2, 3, 4};
    std::vector<double> values = wanted;
    const void* where = values.data();
    const array a = array::adopt(std::move(values), {2, 2}, order::F);
    CHECK_EQ(a.data(), where);
    CHECK_EQ(a.to_string(), std::string("[[1. 3.]\n [2. 4.]]"));
  }
  static int table[3] = {1, 2, 3};
  CHECK_EQ(array::adopt_static(view::of(table, {3}, order::C)).data(), static_cast<const void*>(table));
}

/// Throws when it is moved into its place on the heap.
class throws_when_moved {
 public:
  explicit throws_when_moved(ledger& book) : book_(&book) { ++book_->alive; }
  throws_when_moved(const throws_when_moved& other) : book_(other.book_) { throw std::runtime_error("moved"); }
  ~throws_when_moved() { --book_->alive; }
  void operator()() const { ++book_->released; }

 private:
  ledger* book_;
};

void adopting_fails() {
  ledger book;
  double data[6] = {};
  strided_view bad = view::of(data, {2, 3}, order::C).raw();
  bad.dtype = 99;
  CHECK_THROWS(array::adopt(bad, releaser(book)), STRIDED_E_ENUM, "99");
  CHECK_EQ(book.released, 0);  // the memory is still the caller's
  CHECK_EQ(book.alive, 0);     // and the callable is gone

  bool thrown = false;
  try {
    static_cast<void>(array::adopt(view::of(data, {6}, order::C), throws_when_moved(book)));
  } catch (const std::runtime_error& e) {
    thrown = std::string(e.what()) == "moved";
  }
  CHECK(thrown);
  CHECK_EQ(book.released, 0);
  CHECK_EQ(book.alive, 0);

  std::vector<int> values = {1, 2, 3};
  CHECK_THROWS(array::adopt(std::move(values), {2, 2}, order::C), STRIDED_E_SHAPE, "(2, 2) does not have 3 elements");
  CHECK_EQ(values.size(), std::size_t{3});  // NOLINT: given back

  // An exception later in a constructor drops what was already adopted.
  struct holder {
    array kept;
    explicit holder(double* memory, ledger& account)
        : kept(array::adopt(view::of(memory, {6}, order::C), releaser(account))) {
      throw std::runtime_error("later");
    }
  };
  try {
    const holder h(data, book);
  } catch (const std::runtime_error&) {
  }
  CHECK_EQ(book.released, 1);
  CHECK_EQ(book.alive, 0);
}

void own_allocators() {
  struct counts {
    long allocations = 0;
    long frees = 0;
    std::size_t align = 0;
  } seen;
  strided_allocator table{};
  table.ctx = &seen;
  table.alloc = [](void* ctx, std::size_t size, std::size_t align) -> void* {
    auto& c = *static_cast<counts*>(ctx);
    ++c.allocations;
    c.align = align;
    return std::aligned_alloc(align, (size + align - 1) / align * align);
  };
  table.alloc_zeroed = [](void* ctx, std::size_t size, std::size_t align) -> void* {
    auto& c = *static_cast<counts*>(ctx);
    ++c.allocations;
    void* p = std::aligned_alloc(align, (size + align - 1) / align * align);
    if (p != nullptr) std::memset(p, 0, size);
    return p;
  };
  table.free = [](void* ctx, void* p, std::size_t, std::size_t) {
    ++static_cast<counts*>(ctx)->frees;
    std::free(p);
  };
  {
    const array a = array::uninit_with(table, dtype::f32, {10, 10}, order::C);
    CHECK_EQ(seen.allocations, 1L);
    CHECK(seen.align >= 64);
    const array b = array::zeros_with(table, dtype::f32, {3}, order::C);
    CHECK_EQ(b.to_string(), std::string("[0. 0. 0.]"));
    const array c = a;
  }
  CHECK_EQ(seen.allocations, 2L);
  CHECK_EQ(seen.frees, 2L);
}

void many_threads() {
  ledger book;
  double data[6] = {};
  {
    array a = array::adopt(view::of(data, {6}, order::C), releaser(book));
    std::vector<std::thread> threads;
    std::atomic<long> sum_of_sizes{0};
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([a, &sum_of_sizes] {
        for (int k = 0; k < 2000; ++k) {
          const array mine = a;
          sum_of_sizes += mine.size();
        }
      });
    }
    a.reset();
    for (std::thread& thread : threads) thread.join();
    CHECK_EQ(sum_of_sizes.load(), 4L * 2000 * 6);
  }
  CHECK_EQ(book.released, 1);
  CHECK_EQ(book.alive, 0);
}

}  // namespace

int main() {
  return checks::run(new_memory, shares, views_share_and_borrow, copies_and_conversions, foreign_memory, adopting_fails,
                     own_allocators, many_threads);
}
