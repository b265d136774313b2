/*
 * strided_fortran.h: Fortran array descriptors for compilers that the library does not know.
 *
 * The library itself reads and fills the descriptors (CFI_cdesc_t) of gfortran and LLVM flang; with these two nobody
 * needs this header. Other Fortran compilers (Intel, NAG, NVIDIA ...) lay the same fields out differently, and only their
 * own ISO_Fortran_binding.h says how. This header is compiled with that one, by the C compiler that belongs to the
 * Fortran compiler, and translates: the library sees a descriptor of the layout that it knows, makes all the checks and
 * has all the messages.
 *
 * Two uses:
 *
 * 1. The whole Fortran module with such a compiler. One C file of the program says
 *
 *        #define STRIDED_FORTRAN_SHIM
 *        #include <strided_fortran.h>
 *
 *    and strided.F90 is compiled with -DSTRIDED_FORTRAN_SHIM. Fortran code stays the same.
 *
 * 2. C functions that Fortran calls with descriptors (`type(*), dimension(..)` dummy arguments of bind(C) interfaces):
 *
 *        void smooth(const CFI_cdesc_t *array) {
 *          strided_view view;
 *          if (strided_fortran_from(array, strided_fortran_dtype(array), &view) != STRIDED_OK) ...
 *
 * Take care that the ISO_Fortran_binding.h which is found is the Fortran compiler's own: a wrong one compiles, and gives
 * wrong type codes or worse. gcc finds gfortran's, clang finds none or flang's (-I<llvm>/include/flang).
 *
 * C99. All functions are static inline; thread-safe as the functions of strided.h are.
 */
#ifndef STRIDED_FORTRAN_H
#define STRIDED_FORTRAN_H

#include <ISO_Fortran_binding.h>
#include <complex.h>
#include <stddef.h>
#include <stdint.h>

#include "strided.h"

#ifdef __cplusplus
#error "strided_fortran.h is for C: ISO_Fortran_binding.h is not C++ everywhere"
#endif

/* The layout that the library knows as version 1. */
struct strided_fortran_descriptor {
  void *base_addr;
  uint64_t elem_len;
  int32_t version;
  int8_t rank;
  int8_t attribute; /* 0 pointer, 1 allocatable, 2 other */
  int16_t type;     /* not looked at */
  struct {
    int64_t lower_bound, extent, sm;
  } dim[15];
};

static inline void strided_fortran_translate(const CFI_cdesc_t *from, struct strided_fortran_descriptor *to) {
  int k;
  to->base_addr = from->base_addr;
  to->elem_len = (uint64_t)from->elem_len;
  to->version = 1;
  to->rank = (int8_t)from->rank;
  to->attribute = 2;
  if (from->attribute == CFI_attribute_pointer) to->attribute = 0;
  if (from->attribute == CFI_attribute_allocatable) to->attribute = 1;
  to->type = 0;
  for (k = 0; k < (int)from->rank && k < 15; k++) {
    to->dim[k].lower_bound = (int64_t)from->dim[k].lower_bound;
    to->dim[k].extent = (int64_t)from->dim[k].extent;
    to->dim[k].sm = (int64_t)from->dim[k].sm;
  }
}

/*
 * The element type of an array: STRIDED_BOOL ... STRIDED_C128, or STRIDED_OPAQUE for derived types, characters and
 * everything else. Signed integers only: Fortran has no others. STRIDED_OPAQUE for NULL.
 */
static inline int32_t strided_fortran_dtype(const CFI_cdesc_t *array) {
  /* Types share codes (long is int64_t, say), so this can not be a switch. */
  if (array == NULL) return STRIDED_OPAQUE;
  if (array->type == CFI_type_int8_t) return STRIDED_I8;
  if (array->type == CFI_type_int16_t) return STRIDED_I16;
  if (array->type == CFI_type_int32_t) return STRIDED_I32;
  if (array->type == CFI_type_int64_t) return STRIDED_I64;
  if (array->type == CFI_type_signed_char) return STRIDED_I8;
  if (array->type == CFI_type_short) return STRIDED_I16;
  if (array->type == CFI_type_int) return STRIDED_I32;
  if (array->type == CFI_type_long_long) return STRIDED_I64;
  if (array->type == CFI_type_long) return sizeof(long) == 8 ? STRIDED_I64 : STRIDED_I32;
  if (array->type == CFI_type_float) return STRIDED_F32;
  if (array->type == CFI_type_double) return STRIDED_F64;
  if (array->type == CFI_type_float_Complex) return STRIDED_C64;
  if (array->type == CFI_type_double_Complex) return STRIDED_C128;
  if (array->type == CFI_type_Bool && array->elem_len == 1) return STRIDED_BOOL;
  return STRIDED_OPAQUE;
}

/*
 * The view of an array, section or scalar, in Fortran's index order, without a copy. `dtype` 0 or STRIDED_OPAQUE gives
 * opaque items of the element length; another one must have the element length. Errors as strided_view_from_cfi.
 */
static inline strided_status strided_fortran_from(const CFI_cdesc_t *array, int32_t dtype, strided_view *out) {
  struct strided_fortran_descriptor known;
  if (dtype == STRIDED_OPAQUE) dtype = 0;
  if (array == NULL) return strided_view_from_cfi(NULL, dtype, out);
  strided_fortran_translate(array, &known);
  return strided_view_from_cfi(&known, dtype, out);
}

/*
 * Points a Fortran pointer (the descriptor of a `pointer` dummy argument) at the elements of a view, with lower bounds of
 * 1. Refuses what strided_view_to_cfi refuses, STRIDED_E_NEEDS_COPY above all; the pointer is then left as it was.
 */
static inline strided_status strided_fortran_to(const strided_view *view, int32_t dtype, CFI_cdesc_t *pointer) {
  struct strided_fortran_descriptor known;
  strided_status status;
  int k;
  if (pointer == NULL) return strided_view_to_cfi(view, dtype, NULL);
  strided_fortran_translate(pointer, &known);
  status = strided_view_to_cfi(view, dtype, &known);
  if (status != STRIDED_OK) return status;
  pointer->base_addr = known.base_addr;
  for (k = 0; k < (int)known.rank; k++) {
    pointer->dim[k].lower_bound = (CFI_index_t)known.dim[k].lower_bound;
    pointer->dim[k].extent = (CFI_index_t)known.dim[k].extent;
    pointer->dim[k].sm = (CFI_index_t)known.dim[k].sm;
  }
  return status;
}

#ifdef STRIDED_FORTRAN_SHIM
/* What strided.F90 calls when it is compiled with -DSTRIDED_FORTRAN_SHIM. In one C file of the program only. */
strided_status strided_shim_from_cfi(const void *cfi, int32_t dtype, strided_view *out);
strided_status strided_shim_to_cfi(const strided_view *view, int32_t dtype, void *cfi);

strided_status strided_shim_from_cfi(const void *cfi, int32_t dtype, strided_view *out) {
  return strided_fortran_from((const CFI_cdesc_t *)cfi, dtype, out);
}

strided_status strided_shim_to_cfi(const strided_view *view, int32_t dtype, void *cfi) {
  return strided_fortran_to(view, dtype, (CFI_cdesc_t *)cfi);
}
#endif

#endif
