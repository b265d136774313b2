// HPTT for `cargo xtask compare`, where a user has it installed: plans by its estimate, on one thread, made before the
// clock runs.
#include <complex>
#include <hptt.h>
#include <memory>

namespace {

struct peer {
  std::shared_ptr<hptt::Transpose<float>> f32;
  std::shared_ptr<hptt::Transpose<double>> f64;
  std::shared_ptr<hptt::Transpose<hptt::DoubleComplex>> c128;
};

template <class T>
std::shared_ptr<hptt::Transpose<T>> plan(int n, const int *perm, const int *size, const int *outer_a, const void *a,
                                         const int *outer_b, void *b) {
  return hptt::create_plan(perm, n, T(1), static_cast<const T *>(a), size, outer_a, T(0), static_cast<T *>(b), outer_b,
                           hptt::ESTIMATE, 1);
}

} // namespace

extern "C" void *peer_hptt_plan(int item, int n, const int *perm, const int *size, const int *outer_a, const void *a,
                                const int *outer_b, void *b) {
  auto made = std::unique_ptr<peer>(new peer);
  if (item == 4) made->f32 = plan<float>(n, perm, size, outer_a, a, outer_b, b);
  if (item == 8) made->f64 = plan<double>(n, perm, size, outer_a, a, outer_b, b);
  if (item == 16) made->c128 = plan<hptt::DoubleComplex>(n, perm, size, outer_a, a, outer_b, b);
  return made.release();
}

extern "C" int peer_hptt_run(void *p) {
  auto *made = static_cast<peer *>(p);
  if (made->f32) made->f32->execute();
  if (made->f64) made->f64->execute();
  if (made->c128) made->c128->execute();
  return 0;
}
