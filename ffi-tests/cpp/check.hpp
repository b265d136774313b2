// The checks of the C++ test programs. Every program prints what fails, and closes with "N passed, M failed, K skipped".
#ifndef CHECK_HPP
#define CHECK_HPP

#include <cstdio>
#include <exception>
#include <sstream>
#include <string>

#include <strided.hpp>

namespace checks {

inline long passed = 0;
inline long failed = 0;
inline long skipped = 0;

inline void record(bool good, const char* file, int line, const std::string& what) {
  if (good) {
    ++passed;
  } else {
    ++failed;
    std::printf("%s:%d: FAILED: %s\n", file, line, what.c_str());
  }
}

template <class T>
std::string show(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}
inline std::string show(strided::dtype value) { return strided::name(value); }

template <class A, class B>
void equal(const A& got, const B& wanted, const char* file, int line, const char* text) {
  record(got == wanted, file, line, std::string(text) + ": " + show(got) + " instead of " + show(wanted));
}

/// Runs `f`, which must throw a strided::error with this status whose message contains `part`.
template <class F>
void throws(F&& f, strided_status status, const char* part, const char* file, int line, const char* text) {
  try {
    f();
    record(false, file, line, std::string(text) + " threw nothing");
  } catch (const strided::error& e) {
    const bool good = e.status() == status && std::string(e.what()).find(part) != std::string::npos;
    record(good, file, line, std::string(text) + " threw " + e.name() + " \"" + e.what() + "\", wanted " +
                                 strided_status_name(status) + " with \"" + part + "\"");
  } catch (const std::exception& e) {
    record(false, file, line, std::string(text) + " threw something else: " + e.what());
  }
}

inline void skip(const char* what) {
  ++skipped;
  std::printf("skipped: %s\n", what);
}

/// Runs the test functions of a program; an exception that leaves one is a failure, not an abort.
template <class... F>
int run(F... tests) {
  [[maybe_unused]] const auto one = [](auto test) {
    try {
      test();
    } catch (const std::exception& e) {
      record(false, "-", 0, std::string("an exception left a test: ") + e.what());
    }
  };
  (one(tests), ...);
  std::printf("%ld passed, %ld failed, %ld skipped\n", passed, failed, skipped);
  return failed == 0 ? 0 : 1;
}

}  // namespace checks

#define CHECK(condition) checks::record((condition), __FILE__, __LINE__, #condition)
#define CHECK_EQ(got, wanted) checks::equal((got), (wanted), __FILE__, __LINE__, #got)
#define CHECK_THROWS(expression, status, part) \
  checks::throws([&] { static_cast<void>(expression); }, (status), (part), __FILE__, __LINE__, #expression)

#endif
