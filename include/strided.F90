!> libstrided for Fortran: NumPy's memory model on the arrays that a program already has.
!!
!! A *view* (`type(strided_view)`) says where the elements of an array lie: address, element type, extents, and for
!! each dimension a stride in **bytes** (negative where it runs backwards, 0 where it is broadcast). Transposing,
!! slicing, reshaping or broadcasting makes another view of the same memory; nothing is copied. Operations read and
!! write through views of any layout. An *array* (`type(strided_array)`) owns memory, shared and counted.
!!
!!     use strided
!!     real(real64), target :: field(360, 180)
!!     real(real64), pointer :: p(:, :)
!!     type(strided_view) :: v, t
!!     call strided_from(field(1:360:2, :), v)       ! any array or section, no copy
!!     call strided_view_transpose(v, t)
!!     call strided_to(t, p)                         ! p(j, i) is field(2*i - 1, j), still no copy
!!
!! ### Compile
!! This file is shipped as source, because `.mod` files of one compiler (or version) are useless to another:
!!
!!     gfortran -c strided.F90 && gfortran program.f90 strided.o $(pkg-config --libs strided)
!!
!! Fortran 2018; gfortran 12 or newer, LLVM flang 19 or newer. For other compilers `strided_from` and `strided_to`
!! stop with STRIDED_E_DESCRIPTOR instead of guessing; `strided_fortran.h` is their way. `strided_self_check` tells.
!!
!! ### Conventions
!! - Names, words and argument order follow the C header `strided.h`: inputs first, the output last, then the options.
!!   Fortran knows no upper case: the codes of operations are `STRIDED_OP_ADD`, `STRIDED_OP_SUM` here.
!! - Dimensions and subscripts count from 1, in Fortran's order: dimension 1 of a view is the first subscript. A
!!   negative dimension counts from the end, -1 is the last one. A section `lo:hi:step` includes `hi`.
!! - Column-major (`STRIDED_ORDER_F`) is the default wherever an `order` can be given.
!! - Extents are int64 inside; lists of extents may be int32 or int64.
!! - `stat=` gets 0 or one of the `STRIDED_E_...` codes, `errmsg=` the reason, and is left alone on success. Without
!!   `stat=` a failure is an `error stop` with that reason. On failure the outputs are what they were before.
!! - View operations may be in place: `call strided_view_flip(v, v)`.
!! - A message of the library that names an axis counts it from 0; such messages say so.
!!
!! ### What is passed without a copy
!! `strided_from(array, view)` takes integer(int8 ... int64), real(real32, real64), complex of both, logical(c_bool)
!! and character, of rank 0 to 15: whole arrays, sections of any stride, rows, components (`points%x`, `z%im`),
!! allocatables and pointers. The actual argument must be a pointer or have the **TARGET** attribute: the view lives
!! on after the call, and so must the memory. The compiler checks it: arrays without TARGET, expressions and function
!! results are rejected at compile time, because they would be silent copies. Character arguments are the exception
!! (the standard has no such pointers): give them TARGET yourself.
!!
!! `strided_from_any` and `strided_from_opaque` take everything else: derived types, other kinds, unsigned data in
!! signed arrays. They can not insist on TARGET: pass variables only, never expressions or vector subscripts.
!!
!! A copy happens *before* this module is reached when a section is passed to a dummy argument that is CONTIGUOUS, of
!! explicit shape `a(n)` or of assumed size `a(*)`; the view then shows the copy. Use `a(:, :)` dummies.
!! An assumed-size array has no last extent and is refused; pass `a(1:n)`.
!!
!! ### A defect of gfortran to know
!! gfortran 12 damages the variable when a component of a **whole allocatable or pointer array** is passed to any
!! descriptor argument: after `call strided_from(points%x, v)` the array `points` itself starts elsewhere. Write
!! `points(:)%x`, or go through a pointer (`p => points%x`). Static arrays are not affected.
!!
!! ### Back to Fortran
!! `strided_to(view, p)` points `p` at the elements of a view of the same type and rank, also when it is row-major,
!! reversed, or a sliding window. A Fortran pointer can not carry a stride of 0 (broadcast) nor one that is no multiple
!! of the element size (components): such views give STRIDED_E_NEEDS_COPY, copy them first. The pointer owns nothing:
!! never deallocate it, and don't use it after the memory is gone. A read-only view (a window, a mapped file) gives a
!! pointer too, because Fortran has no pointers for reading only: don't assign through it.
!! For a derived type of your own declare the interface yourself (it must be `bind(C)` or `sequence`):
!!
!!     interface
!!        function point_pointer(view, dtype, p) bind(C, name="strided_view_to_cfi") result(status)
!!           import :: point_t, strided_view, c_int32_t
!!           type(strided_view), intent(in) :: view
!!           integer(c_int32_t), value :: dtype                     ! STRIDED_OPAQUE
!!           type(point_t), pointer, intent(inout) :: p(..)
!!           integer(c_int32_t) :: status
!!        end function
!!     end interface
!!
!! ### Who owns what
!! A `strided_array` holds one share of its memory and gives it back when it is finalised, released or overwritten;
!! `b = a` makes a second share of the same memory, `strided_array_copy` makes new memory. Views and pointers made from
!! it hold no share: they are valid as long as some share is.
!! Compilers differ in when they finalise, so:
!! - variables of the main program and saved ones are never finalised: call `strided_array_release`;
!! - don't write functions that return a `strided_array`, use subroutines: gfortran 12 never finalises function
!!   results, one share leaks per call;
!! - don't assign whole derived types that contain one, assign the component: gfortran 12 does it through a hidden
!!   temporary, which takes the share along when the procedure ends.
!!
!! ### Threads
!! Views are values, and nothing here keeps state: calls from several threads are safe as long as nobody writes what
!! another one uses. The message behind `errmsg=` belongs to the calling thread. One `strided_array` variable must not
!! be assigned or released by two threads at once; two variables that share memory may.
!!
!! ### How it works
!! The specifics of `strided_from` and `strided_to` are interfaces to `bind(C)` procedures with assumed-rank pointer
!! arguments, one per type, so the compiler builds a C descriptor of the actual argument as it is. The procedures
!! behind them (module `strided_entries`) receive that descriptor as the address which it is, and hand it to the
!! library unread. They are no wrappers that take arrays, because components lose their offset in gfortran's, and flang 19
!! can not compile them. (`strided_to` has such wrappers for gfortran; module `strided_pointers`
!! says why.)
module strided_base
   use, intrinsic :: iso_c_binding
   implicit none
   private
   public :: finish, finish_c, c_text, append_number

   !> STRIDED_MAX_NDIM is the largest number of dimensions of a view; Fortran's own arrays end at 15.
   integer(c_int32_t), parameter, public :: STRIDED_MAX_NDIM = 64
   !> An absent bound or step of a range.
   integer(c_int64_t), parameter, public :: STRIDED_NONE = -huge(1_c_int64_t) - 1_c_int64_t
   !> Bit of `view%flags`: the library refuses to write through the view.
   integer(c_int64_t), parameter, public :: STRIDED_READONLY = 1

   !> Bits of `strided_view_query`.
   integer(c_int32_t), parameter, public :: &
      STRIDED_IS_C_CONTIGUOUS = 1, STRIDED_IS_F_CONTIGUOUS = 2, STRIDED_IS_ALIGNED = 4, &
      STRIDED_IS_WRITEABLE = 8, STRIDED_IS_SELF_OVERLAP = 16

   !> Codes in `stat=`.
   integer(c_int), parameter, public :: &
      STRIDED_OK = 0, STRIDED_E_NULL = 1, STRIDED_E_ENUM = 2, STRIDED_E_NDIM = 3, STRIDED_E_VALUE = 4, &
      STRIDED_E_OVERFLOW = 5, STRIDED_E_SHAPE = 6, STRIDED_E_AXIS = 7, STRIDED_E_INDEX = 8, &
      STRIDED_E_BROADCAST = 9, STRIDED_E_NEEDS_COPY = 10, STRIDED_E_BOUNDS = 11, STRIDED_E_READONLY = 12, &
      STRIDED_E_SELF_OVERLAP = 13, STRIDED_E_DTYPE = 14, STRIDED_E_CASTING = 15, STRIDED_E_EMPTY = 16, &
      STRIDED_E_UNDECIDED = 17, STRIDED_E_NO_MEMORY = 18, STRIDED_E_DESCRIPTOR = 19, STRIDED_E_INTERNAL = 20

   !> Element types. The name gives the bits: STRIDED_C128 is complex(real64).
   integer(c_int32_t), parameter, public :: &
      STRIDED_BOOL = 1, STRIDED_I8 = 2, STRIDED_I16 = 3, STRIDED_I32 = 4, STRIDED_I64 = 5, STRIDED_U8 = 6, &
      STRIDED_U16 = 7, STRIDED_U32 = 8, STRIDED_U64 = 9, STRIDED_F16 = 10, STRIDED_BF16 = 11, STRIDED_F32 = 12, &
      STRIDED_F64 = 13, STRIDED_C64 = 14, STRIDED_C128 = 15, STRIDED_OPAQUE = 16

   !> Memory orders: row-major, column-major, F if the source is F and not C, as near to the source as possible.
   integer(c_int32_t), parameter, public :: &
      STRIDED_ORDER_C = 0, STRIDED_ORDER_F = 1, STRIDED_ORDER_A = 2, STRIDED_ORDER_K = 3

   !> Casting rules, as in NumPy.
   integer(c_int32_t), parameter, public :: &
      STRIDED_CAST_NO = 0, STRIDED_CAST_EQUIV = 1, STRIDED_CAST_SAFE = 2, STRIDED_CAST_SAME_KIND = 3, &
      STRIDED_CAST_UNSAFE = 4

   !> What an item of an index does; made by `strided_range`, `strided_at`, `strided_newaxis`, `strided_ellipsis`.
   integer(c_int32_t), parameter, public :: &
      STRIDED_INDEX_RANGE = 0, STRIDED_INDEX_AT = 1, STRIDED_INDEX_NEWAXIS = 2, STRIDED_INDEX_ELLIPSIS = 3

   !> A view: the C struct of the same name, a plain value that owns nothing. Only the first `ndim` entries of `shape`
   !! and `strides` mean anything. A view that was never set has the dtype 0, which every operation refuses.
   type, bind(C), public :: strided_view
      type(c_ptr) :: data = c_null_ptr           !< address of the first element
      integer(c_int64_t) :: itemsize = 0         !< bytes per element
      integer(c_int32_t) :: dtype = 0            !< STRIDED_I8 ... STRIDED_OPAQUE
      integer(c_int32_t) :: ndim = 0             !< number of dimensions
      integer(c_int64_t) :: flags = 0            !< STRIDED_READONLY, other bits 0
      integer(c_int64_t) :: shape(STRIDED_MAX_NDIM)    !< extents
      integer(c_int64_t) :: strides(STRIDED_MAX_NDIM)  !< bytes from one element to the next
   end type strided_view

   !> The C struct `strided_index`, with C's meaning: counted from 0, the end excluded.
   type, bind(C), public :: c_index
      integer(c_int32_t) :: kind = 0, reserved = 0
      integer(c_int64_t) :: start = STRIDED_NONE, stop = STRIDED_NONE, step = STRIDED_NONE
   end type c_index

   ! The two fields with which the standard lets every descriptor begin (18.5.3), enough to write a scalar character.
   type, bind(C) :: descriptor_head
      type(c_ptr) :: base_addr
      integer(c_size_t) :: elem_len
   end type descriptor_head

   interface
      function c_strlen(text) bind(C, name="strlen") result(length)
         import :: c_ptr, c_size_t
         type(c_ptr), value :: text
         integer(c_size_t) :: length
      end function c_strlen
      function c_last_error() bind(C, name="strided_last_error") result(text)
         import :: c_ptr
         type(c_ptr) :: text
      end function c_last_error
      function c_status_name(status) bind(C, name="strided_status_name") result(text)
         import :: c_ptr, c_int32_t
         integer(c_int32_t), value :: status
         type(c_ptr) :: text
      end function c_status_name
   end interface
   public :: c_last_error, c_status_name

contains

   !> The text behind a C string.
   function c_text(text) result(string)
      type(c_ptr), intent(in) :: text
      character(len=:), allocatable :: string
      character(kind=c_char), pointer :: letters(:)
      integer(c_size_t) :: length, k
      length = 0
      if (c_associated(text)) length = c_strlen(text)
      allocate (character(len=length) :: string)
      if (length == 0) return
      call c_f_pointer(text, letters, [length])
      do k = 1, length
         string(k:k) = letters(k)
      end do
   end function c_text

   !> Appends a number to a text.
   subroutine append_number(text, number)
      character(len=*), intent(inout) :: text
      integer(c_int64_t), intent(in) :: number
      character(len=24) :: digits
      write (digits, '(i0)') number
      text = trim(text)//' '//trim(digits)
   end subroutine append_number

   !> Ends every subroutine: hands the status and its reason to the caller, or stops when nobody wants the status.
   !! `note` replaces the message of the library where this module itself has refused an argument.
   subroutine finish(status, stat, errmsg, note)
      integer(c_int32_t), intent(in) :: status
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      character(len=*), intent(in), optional :: note
      character(len=:), allocatable :: message
      if (present(stat)) stat = status
      if (status == STRIDED_OK) return
      message = reason(note)
      if (present(errmsg)) errmsg = message
      if (present(stat)) return
      message = 'libstrided: '//c_text(c_status_name(status))//': '//message
      error stop message
   end subroutine finish

   !> The same for the entries, whose `errmsg` is the address of a descriptor, NULL when absent.
   subroutine finish_c(status, stat, errmsg)
      integer(c_int32_t), intent(in) :: status
      integer(c_int), intent(out), optional :: stat
      type(c_ptr), intent(in) :: errmsg
      type(descriptor_head), pointer :: head
      character(kind=c_char), pointer :: letters(:)
      character(len=:), allocatable :: message
      integer(c_size_t) :: k
      if (status /= STRIDED_OK .and. c_associated(errmsg)) then
         message = reason()
         call c_f_pointer(errmsg, head)
         call c_f_pointer(head%base_addr, letters, [head%elem_len])
         do k = 1, head%elem_len
            letters(k) = ' '
            if (k <= len(message)) letters(k) = message(k:k)
         end do
      end if
      call finish(status, stat)
   end subroutine finish_c

   function reason(note) result(message)
      character(len=*), intent(in), optional :: note
      character(len=:), allocatable :: message
      if (present(note)) then
         if (len_trim(note) > 0) then
            message = trim(note)
            return
         end if
      end if
      message = c_text(c_last_error())
      if (index(message, 'axis ') > 0) message = message//' (axes are counted from 0 here)'
   end function reason

end module strided_base

!> The procedures behind `strided_from` and `strided_to`, by their binding names. An actual argument arrives here as the
!! address of its descriptor, and goes on to the library, which knows the compilers' descriptors by their version.
module strided_entries
   use, intrinsic :: iso_c_binding
   use strided_base
   implicit none
   private

   !> What the library takes for opaque items of the descriptor's own element length.
   integer(c_int32_t), parameter :: OPAQUE = 0

   interface
      ! With other compilers the program's own C file stands in between: see strided_fortran.h.
#ifdef STRIDED_FORTRAN_SHIM
      function c_from_cfi(cfi, dtype, view) bind(C, name="strided_shim_from_cfi") result(status)
#else
      function c_from_cfi(cfi, dtype, view) bind(C, name="strided_view_from_cfi") result(status)
#endif
         import :: c_ptr, c_int32_t, strided_view
         type(c_ptr), value :: cfi
         integer(c_int32_t), value :: dtype
         type(strided_view), intent(inout) :: view
         integer(c_int32_t) :: status
      end function c_from_cfi
#ifdef STRIDED_FORTRAN_SHIM
      function c_to_cfi(view, dtype, cfi) bind(C, name="strided_shim_to_cfi") result(status)
#else
      function c_to_cfi(view, dtype, cfi) bind(C, name="strided_view_to_cfi") result(status)
#endif
         import :: c_ptr, c_int32_t, strided_view
         type(strided_view), intent(in) :: view
         integer(c_int32_t), value :: dtype
         type(c_ptr), value :: cfi
         integer(c_int32_t) :: status
      end function c_to_cfi
   end interface

contains

   subroutine from_i8(array, view, stat, errmsg) bind(C, name="strided_fortran_from_i8")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_I8, view), stat, errmsg)
   end subroutine from_i8

   subroutine from_i16(array, view, stat, errmsg) bind(C, name="strided_fortran_from_i16")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_I16, view), stat, errmsg)
   end subroutine from_i16

   subroutine from_i32(array, view, stat, errmsg) bind(C, name="strided_fortran_from_i32")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_I32, view), stat, errmsg)
   end subroutine from_i32

   subroutine from_i64(array, view, stat, errmsg) bind(C, name="strided_fortran_from_i64")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_I64, view), stat, errmsg)
   end subroutine from_i64

   subroutine from_f32(array, view, stat, errmsg) bind(C, name="strided_fortran_from_f32")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_F32, view), stat, errmsg)
   end subroutine from_f32

   subroutine from_f64(array, view, stat, errmsg) bind(C, name="strided_fortran_from_f64")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_F64, view), stat, errmsg)
   end subroutine from_f64

   subroutine from_c64(array, view, stat, errmsg) bind(C, name="strided_fortran_from_c64")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_C64, view), stat, errmsg)
   end subroutine from_c64

   subroutine from_c128(array, view, stat, errmsg) bind(C, name="strided_fortran_from_c128")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_C128, view), stat, errmsg)
   end subroutine from_c128

   subroutine from_bool(array, view, stat, errmsg) bind(C, name="strided_fortran_from_bool")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, STRIDED_BOOL, view), stat, errmsg)
   end subroutine from_bool

   subroutine from_char(array, view, stat, errmsg) bind(C, name="strided_fortran_from_char")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, OPAQUE, view), stat, errmsg)
   end subroutine from_char

   subroutine from_opaque(array, view, stat, errmsg) bind(C, name="strided_fortran_from_opaque")
      type(c_ptr), value :: array, errmsg
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, OPAQUE, view), stat, errmsg)
   end subroutine from_opaque

   subroutine from_any(array, dtype, view, stat, errmsg) bind(C, name="strided_fortran_from_any")
      type(c_ptr), value :: array, errmsg
      integer(c_int32_t), intent(in) :: dtype
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      call finish_c(c_from_cfi(array, merge(OPAQUE, dtype, dtype == STRIDED_OPAQUE), view), stat, errmsg)
   end subroutine from_any

   subroutine to_i8(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_i8")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_I8, pointer), stat, errmsg)
   end subroutine to_i8

   subroutine to_i16(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_i16")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_I16, pointer), stat, errmsg)
   end subroutine to_i16

   subroutine to_i32(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_i32")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_I32, pointer), stat, errmsg)
   end subroutine to_i32

   subroutine to_i64(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_i64")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_I64, pointer), stat, errmsg)
   end subroutine to_i64

   subroutine to_f32(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_f32")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_F32, pointer), stat, errmsg)
   end subroutine to_f32

   subroutine to_f64(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_f64")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_F64, pointer), stat, errmsg)
   end subroutine to_f64

   subroutine to_c64(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_c64")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_C64, pointer), stat, errmsg)
   end subroutine to_c64

   subroutine to_c128(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_c128")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_C128, pointer), stat, errmsg)
   end subroutine to_c128

   subroutine to_bool(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_bool")
      type(strided_view), intent(in) :: view
      type(c_ptr), value :: pointer, errmsg
      integer(c_int), intent(out), optional :: stat
      call finish_c(point(view, STRIDED_BOOL, pointer), stat, errmsg)
   end subroutine to_bool

   !> Fortran has no pointers for reading only, but reading is what read-only views (windows, mapped files) are for: the
   !! mark is left out, and the manual says not to assign through such a pointer.
   function point(view, dtype, pointer) result(status)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), intent(in) :: dtype
      type(c_ptr), intent(in) :: pointer
      integer(c_int32_t) :: status
      type(strided_view) :: unmarked
      if (iand(view%flags, STRIDED_READONLY) == 0) then
         status = c_to_cfi(view, dtype, pointer)
         return
      end if
      unmarked = view
      unmarked%flags = iand(view%flags, not(STRIDED_READONLY))
      status = c_to_cfi(unmarked, dtype, pointer)
   end function point

end module strided_entries

!> `strided_to`: pointers of every type and rank to the elements of views.
module strided_pointers
   use, intrinsic :: iso_c_binding
   use strided_base
   implicit none
   private
   public :: strided_to

   interface
      subroutine filled_i8(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_i8")
         import :: strided_view, c_int, c_char, c_int8_t
         type(strided_view), intent(in) :: view
         integer(c_int8_t), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_i8
      subroutine filled_i16(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_i16")
         import :: strided_view, c_int, c_char, c_int16_t
         type(strided_view), intent(in) :: view
         integer(c_int16_t), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_i16
      subroutine filled_i32(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_i32")
         import :: strided_view, c_int, c_char, c_int32_t
         type(strided_view), intent(in) :: view
         integer(c_int32_t), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_i32
      subroutine filled_i64(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_i64")
         import :: strided_view, c_int, c_char, c_int64_t
         type(strided_view), intent(in) :: view
         integer(c_int64_t), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_i64
      subroutine filled_f32(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_f32")
         import :: strided_view, c_int, c_char, c_float
         type(strided_view), intent(in) :: view
         real(c_float), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_f32
      subroutine filled_f64(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_f64")
         import :: strided_view, c_int, c_char, c_double
         type(strided_view), intent(in) :: view
         real(c_double), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_f64
      subroutine filled_c64(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_c64")
         import :: strided_view, c_int, c_char, c_float_complex
         type(strided_view), intent(in) :: view
         complex(c_float_complex), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_c64
      subroutine filled_c128(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_c128")
         import :: strided_view, c_int, c_char, c_double_complex
         type(strided_view), intent(in) :: view
         complex(c_double_complex), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_c128
      subroutine filled_bool(view, pointer, stat, errmsg) bind(C, name="strided_fortran_to_bool")
         import :: strided_view, c_int, c_char, c_bool
         type(strided_view), intent(in) :: view
         logical(c_bool), pointer, intent(inout) :: pointer(..)
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine filled_bool
   end interface

   !> `call strided_to(view, pointer [, stat] [, errmsg])`: points a Fortran pointer of the type and rank of the view at
   !! its elements, with lower bounds of 1. Nothing is copied and nothing is owned. Refused are other types
   !! (STRIDED_E_DTYPE) and ranks, and strides that a pointer can not carry (STRIDED_E_NEEDS_COPY); the pointer is then
   !! left as it was.
   interface strided_to
#ifdef __GFORTRAN__
      module procedure i8_0, i8_1, i8_2, i8_3, i8_4, i8_5, i8_6, i8_7, &
         i8_8, i8_9, i8_10, i8_11, i8_12, i8_13, i8_14, i8_15
      module procedure i16_0, i16_1, i16_2, i16_3, i16_4, i16_5, i16_6, i16_7, &
         i16_8, i16_9, i16_10, i16_11, i16_12, i16_13, i16_14, i16_15
      module procedure i32_0, i32_1, i32_2, i32_3, i32_4, i32_5, i32_6, i32_7, &
         i32_8, i32_9, i32_10, i32_11, i32_12, i32_13, i32_14, i32_15
      module procedure i64_0, i64_1, i64_2, i64_3, i64_4, i64_5, i64_6, i64_7, &
         i64_8, i64_9, i64_10, i64_11, i64_12, i64_13, i64_14, i64_15
      module procedure f32_0, f32_1, f32_2, f32_3, f32_4, f32_5, f32_6, f32_7, &
         f32_8, f32_9, f32_10, f32_11, f32_12, f32_13, f32_14, f32_15
      module procedure f64_0, f64_1, f64_2, f64_3, f64_4, f64_5, f64_6, f64_7, &
         f64_8, f64_9, f64_10, f64_11, f64_12, f64_13, f64_14, f64_15
      module procedure c64_0, c64_1, c64_2, c64_3, c64_4, c64_5, c64_6, c64_7, &
         c64_8, c64_9, c64_10, c64_11, c64_12, c64_13, c64_14, c64_15
      module procedure c128_0, c128_1, c128_2, c128_3, c128_4, c128_5, c128_6, c128_7, &
         c128_8, c128_9, c128_10, c128_11, c128_12, c128_13, c128_14, c128_15
      module procedure bool_0, bool_1, bool_2, bool_3, bool_4, bool_5, bool_6, bool_7, &
         bool_8, bool_9, bool_10, bool_11, bool_12, bool_13, bool_14, bool_15
#else
      procedure filled_i8, filled_i16, filled_i32, filled_i64, filled_f32, &
         filled_f64, filled_c64, filled_c128, filled_bool
#endif
   end interface strided_to

#ifdef __GFORTRAN__
contains

   ! For gfortran alone, a procedure for each type and rank. gfortran 12 never writes the rank into the descriptor of a
   ! pointer in a module, in a derived type, or with SAVE before the pointer is first assigned; when a bind(C) procedure
   ! does that, the rank is missing for ever: `associated(p, a)` is false and `reshape(p, ...)` crashes. A pointer
   ! assignment does write it, and that is also why `p` first points somewhere.
   ! (flang needs none of this, and version 19 has no assumed rank in Fortran procedures.)

   subroutine i8_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere
      integer(c_int8_t), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_0

   subroutine i8_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1)
      integer(c_int8_t), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_1

   subroutine i8_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1)
      integer(c_int8_t), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_2

   subroutine i8_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_3

   subroutine i8_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_4

   subroutine i8_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_5

   subroutine i8_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_6

   subroutine i8_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_7

   subroutine i8_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_8

   subroutine i8_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_9

   subroutine i8_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_10

   subroutine i8_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_11

   subroutine i8_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_12

   subroutine i8_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_13

   subroutine i8_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_14

   subroutine i8_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int8_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int8_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i8(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i8_15

   subroutine i16_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere
      integer(c_int16_t), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_0

   subroutine i16_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1)
      integer(c_int16_t), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_1

   subroutine i16_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1)
      integer(c_int16_t), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_2

   subroutine i16_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_3

   subroutine i16_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_4

   subroutine i16_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_5

   subroutine i16_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_6

   subroutine i16_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_7

   subroutine i16_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_8

   subroutine i16_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_9

   subroutine i16_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_10

   subroutine i16_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_11

   subroutine i16_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_12

   subroutine i16_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_13

   subroutine i16_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_14

   subroutine i16_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int16_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int16_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i16(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i16_15

   subroutine i32_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere
      integer(c_int32_t), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_0

   subroutine i32_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1)
      integer(c_int32_t), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_1

   subroutine i32_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1)
      integer(c_int32_t), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_2

   subroutine i32_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_3

   subroutine i32_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_4

   subroutine i32_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_5

   subroutine i32_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_6

   subroutine i32_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_7

   subroutine i32_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_8

   subroutine i32_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_9

   subroutine i32_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_10

   subroutine i32_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_11

   subroutine i32_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_12

   subroutine i32_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_13

   subroutine i32_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_14

   subroutine i32_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int32_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i32_15

   subroutine i64_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere
      integer(c_int64_t), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_0

   subroutine i64_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1)
      integer(c_int64_t), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_1

   subroutine i64_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1)
      integer(c_int64_t), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_2

   subroutine i64_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_3

   subroutine i64_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_4

   subroutine i64_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_5

   subroutine i64_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_6

   subroutine i64_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_7

   subroutine i64_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_8

   subroutine i64_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_9

   subroutine i64_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_10

   subroutine i64_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_11

   subroutine i64_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_12

   subroutine i64_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_13

   subroutine i64_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_14

   subroutine i64_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      integer(c_int64_t), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_i64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine i64_15

   subroutine f32_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere
      real(c_float), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_0

   subroutine f32_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1)
      real(c_float), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_1

   subroutine f32_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1)
      real(c_float), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_2

   subroutine f32_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1)
      real(c_float), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_3

   subroutine f32_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_4

   subroutine f32_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_5

   subroutine f32_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_6

   subroutine f32_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_7

   subroutine f32_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_8

   subroutine f32_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_9

   subroutine f32_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_10

   subroutine f32_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_11

   subroutine f32_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_12

   subroutine f32_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_13

   subroutine f32_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_14

   subroutine f32_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_float), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_float), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f32(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f32_15

   subroutine f64_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere
      real(c_double), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_0

   subroutine f64_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1)
      real(c_double), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_1

   subroutine f64_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1)
      real(c_double), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_2

   subroutine f64_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1)
      real(c_double), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_3

   subroutine f64_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_4

   subroutine f64_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_5

   subroutine f64_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_6

   subroutine f64_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_7

   subroutine f64_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_8

   subroutine f64_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_9

   subroutine f64_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_10

   subroutine f64_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_11

   subroutine f64_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_12

   subroutine f64_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_13

   subroutine f64_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_14

   subroutine f64_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      real(c_double), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      real(c_double), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_f64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine f64_15

   subroutine c64_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere
      complex(c_float_complex), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_0

   subroutine c64_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1)
      complex(c_float_complex), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_1

   subroutine c64_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1)
      complex(c_float_complex), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_2

   subroutine c64_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_3

   subroutine c64_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_4

   subroutine c64_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_5

   subroutine c64_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_6

   subroutine c64_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_7

   subroutine c64_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_8

   subroutine c64_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_9

   subroutine c64_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_10

   subroutine c64_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_11

   subroutine c64_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_12

   subroutine c64_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_13

   subroutine c64_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_14

   subroutine c64_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_float_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_float_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c64(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c64_15

   subroutine c128_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere
      complex(c_double_complex), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_0

   subroutine c128_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1)
      complex(c_double_complex), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_1

   subroutine c128_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1)
      complex(c_double_complex), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_2

   subroutine c128_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_3

   subroutine c128_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_4

   subroutine c128_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_5

   subroutine c128_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_6

   subroutine c128_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_7

   subroutine c128_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_8

   subroutine c128_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_9

   subroutine c128_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_10

   subroutine c128_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_11

   subroutine c128_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_12

   subroutine c128_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_13

   subroutine c128_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_14

   subroutine c128_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      complex(c_double_complex), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      complex(c_double_complex), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_c128(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine c128_15

   subroutine bool_0(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere
      logical(c_bool), pointer :: p
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_0

   subroutine bool_1(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1)
      logical(c_bool), pointer :: p(:)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_1

   subroutine bool_2(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1)
      logical(c_bool), pointer :: p(:, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_2

   subroutine bool_3(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_3

   subroutine bool_4(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_4

   subroutine bool_5(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_5

   subroutine bool_6(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_6

   subroutine bool_7(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_7

   subroutine bool_8(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_8

   subroutine bool_9(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_9

   subroutine bool_10(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_10

   subroutine bool_11(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_11

   subroutine bool_12(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_12

   subroutine bool_13(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_13

   subroutine bool_14(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_14

   subroutine bool_15(view, pointer, stat, errmsg)
      type(strided_view), intent(in) :: view
      logical(c_bool), pointer, intent(inout) :: pointer(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: somewhere(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
      logical(c_bool), pointer :: p(:, :, :, :, :, :, :, :, :, :, :, :, :, :, :)
      integer(c_int) :: status
      p => somewhere
      call filled_bool(view, p, status)
      if (status == STRIDED_OK) pointer => p
      call finish(status, stat, errmsg)
   end subroutine bool_15

#endif

end module strided_pointers

!> Everything but the operations by name.
module strided_core
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real32, real64
   use strided_base
   use strided_pointers, only: strided_to
   implicit none
   private

   ! Kinds, so that `use strided` is enough to declare what can be passed.
   public :: int8, int16, int32, int64, real32, real64, c_bool, c_int, c_int32_t, c_int64_t, c_ptr, c_funptr

   public :: STRIDED_MAX_NDIM, STRIDED_NONE, STRIDED_READONLY
   public :: STRIDED_IS_C_CONTIGUOUS, STRIDED_IS_F_CONTIGUOUS, STRIDED_IS_ALIGNED, STRIDED_IS_WRITEABLE, &
      STRIDED_IS_SELF_OVERLAP
   public :: STRIDED_OK, STRIDED_E_NULL, STRIDED_E_ENUM, STRIDED_E_NDIM, STRIDED_E_VALUE, STRIDED_E_OVERFLOW, &
      STRIDED_E_SHAPE, STRIDED_E_AXIS, STRIDED_E_INDEX, STRIDED_E_BROADCAST, STRIDED_E_NEEDS_COPY, STRIDED_E_BOUNDS, &
      STRIDED_E_READONLY, STRIDED_E_SELF_OVERLAP, STRIDED_E_DTYPE, STRIDED_E_CASTING, STRIDED_E_EMPTY, &
      STRIDED_E_UNDECIDED, STRIDED_E_NO_MEMORY, STRIDED_E_DESCRIPTOR, STRIDED_E_INTERNAL
   public :: STRIDED_BOOL, STRIDED_I8, STRIDED_I16, STRIDED_I32, STRIDED_I64, STRIDED_U8, STRIDED_U16, STRIDED_U32, &
      STRIDED_U64, STRIDED_F16, STRIDED_BF16, STRIDED_F32, STRIDED_F64, STRIDED_C64, STRIDED_C128, STRIDED_OPAQUE
   public :: STRIDED_ORDER_C, STRIDED_ORDER_F, STRIDED_ORDER_A, STRIDED_ORDER_K
   public :: STRIDED_CAST_NO, STRIDED_CAST_EQUIV, STRIDED_CAST_SAFE, STRIDED_CAST_SAME_KIND, STRIDED_CAST_UNSAFE

   public :: strided_view, strided_array, strided_index, strided_inner
   ! Arrays of the program and views
   public :: strided_from, strided_from_opaque, strided_from_any, strided_to, strided_self_check
   ! Views of views
   public :: strided_view_init, strided_view_init_opaque, strided_view_check, strided_view_transpose, &
      strided_view_permute, strided_view_swapaxes, strided_view_moveaxis, strided_view_index, strided_range, strided_at, &
      strided_newaxis, strided_ellipsis, strided_view_squeeze, strided_view_expand_dims, strided_view_flip, &
      strided_view_rot90, strided_view_reshape, strided_view_ravel, strided_view_broadcast_to, strided_view_diagonal, &
      strided_view_sliding_window, strided_view_split, strided_view_as_strided, strided_view_reinterpret, &
      strided_view_real, strided_view_imag, strided_view_field, strided_view_field_opaque, strided_view_readonly
   ! Questions
   public :: strided_view_size, strided_view_shape, strided_view_strides, strided_view_query, strided_view_extent, &
      strided_view_overlap, strided_view_address, strided_format, strided_describe, strided_version, &
      strided_simd_level, strided_status_name, strided_dtype_name, strided_dtype_size, strided_result_type, &
      strided_can_cast, strided_last_error
   ! Arrays that own memory
   public :: strided_array_new, strided_array_zeros, strided_array_new_opaque, strided_array_adopt, &
      strided_array_from_view, strided_array_copy, strided_array_cast, strided_array_contiguous, strided_array_view, &
      strided_array_release, strided_array_shares, strided_array_from_c, strided_array_to_c, strided_release_callback
   ! Work
   public :: strided_copy, strided_copy_cast, strided_fill, strided_unary, strided_binary, strided_reduce, &
      strided_accumulate, strided_accumulate_result_type, strided_where, strided_clip, strided_fma, strided_compress, &
      strided_unary_where, strided_binary_where, strided_reduce_with, &
      strided_dot, strided_vdot, &
      strided_unary_result_type, strided_binary_result_type, strided_reduce_result_type, strided_foreach, &
      strided_npy_save, strided_npy_load, strided_set_num_threads

   !> One item of an index, made by `strided_range`, `strided_at`, `strided_newaxis` or `strided_ellipsis`. Counts from 1.
   type :: strided_index
      private
      integer(c_int32_t) :: kind = STRIDED_INDEX_RANGE
      integer(c_int64_t) :: lo = STRIDED_NONE, hi = STRIDED_NONE, step = STRIDED_NONE
   end type strided_index

   !> A share of a block of memory and a view into it. Starts out empty. `b = a` shares the memory, finalisation gives the
   !! share back; see "Who owns what" above for where compilers forget to finalise.
   type :: strided_array
      private
      type(c_ptr) :: handle = c_null_ptr
      ! The variable that the share belongs to. Compilers copy variables bit by bit into temporaries, and gfortran 12
      ! finalises some of those: only the variable at this address gives the share back.
      integer(c_intptr_t) :: owner = 0
   contains
      procedure, private :: assign => array_assign
      generic :: assignment(=) => assign
      final :: array_final
   end type strided_array

   abstract interface
      !> What `strided_array_adopt` calls, once, when the last share is given back, in whichever thread that is.
      subroutine strided_release_callback(context) bind(C)
         import :: c_ptr
         type(c_ptr), value :: context
      end subroutine strided_release_callback
      !> One inner run of `strided_foreach`: `count` elements, `pointers(k)` to the first one of operand k,
      !! `strides(k)` bytes from one to the next.
      subroutine strided_inner(context, count, pointers, strides) bind(C)
         import :: c_ptr, c_int64_t
         type(c_ptr), value :: context
         integer(c_int64_t), value :: count
         type(c_ptr), intent(in) :: pointers(*)
         integer(c_int64_t), intent(in) :: strides(*)
      end subroutine strided_inner
   end interface

   !> `call strided_from(array, view [, stat] [, errmsg])`: the view of an array, a section, a scalar (no dimensions) or
   !! a `strided_array`, without a copy. Characters become opaque items of their length. The array must be a pointer or
   !! have TARGET, and outlive the view. A zero-sized section gives a view without elements; a pointer to nothing and
   !! an array without allocation are refused.
   interface strided_from
      subroutine strided_from_i8(array, view, stat, errmsg) bind(C, name="strided_fortran_from_i8")
         import :: strided_view, c_int, c_char, c_int8_t
         integer(c_int8_t), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_i8
      subroutine strided_from_i16(array, view, stat, errmsg) bind(C, name="strided_fortran_from_i16")
         import :: strided_view, c_int, c_char, c_int16_t
         integer(c_int16_t), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_i16
      subroutine strided_from_i32(array, view, stat, errmsg) bind(C, name="strided_fortran_from_i32")
         import :: strided_view, c_int, c_char, c_int32_t
         integer(c_int32_t), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_i32
      subroutine strided_from_i64(array, view, stat, errmsg) bind(C, name="strided_fortran_from_i64")
         import :: strided_view, c_int, c_char, c_int64_t
         integer(c_int64_t), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_i64
      subroutine strided_from_f32(array, view, stat, errmsg) bind(C, name="strided_fortran_from_f32")
         import :: strided_view, c_int, c_char, c_float
         real(c_float), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_f32
      subroutine strided_from_f64(array, view, stat, errmsg) bind(C, name="strided_fortran_from_f64")
         import :: strided_view, c_int, c_char, c_double
         real(c_double), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_f64
      subroutine strided_from_c64(array, view, stat, errmsg) bind(C, name="strided_fortran_from_c64")
         import :: strided_view, c_int, c_char, c_float_complex
         complex(c_float_complex), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_c64
      subroutine strided_from_c128(array, view, stat, errmsg) bind(C, name="strided_fortran_from_c128")
         import :: strided_view, c_int, c_char, c_double_complex
         complex(c_double_complex), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_c128
      subroutine strided_from_bool(array, view, stat, errmsg) bind(C, name="strided_fortran_from_bool")
         import :: strided_view, c_int, c_char, c_bool
         logical(c_bool), pointer, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_bool
      subroutine strided_from_char(array, view, stat, errmsg) bind(C, name="strided_fortran_from_char")
         import :: strided_view, c_int, c_char
         character(kind=c_char, len=*), target, intent(in) :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_char
      module procedure strided_array_view
   end interface strided_from

   interface
      !> `strided_from` for everything else, derived types above all: the items become opaque, of the size that they have.
      !! Pass variables only: for an expression or a vector subscript the view would show a copy that is gone.
      !! An optional argument that is absent can be passed on, and gives STRIDED_E_NULL.
      subroutine strided_from_opaque(array, view, stat, errmsg) bind(C, name="strided_fortran_from_opaque")
         import :: strided_view, c_int, c_char
         type(*), target, intent(in), optional :: array(..)
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_opaque
      !> `strided_from` with the element type named: unsigned or half-precision data in arrays of another type. The item
      !! size must be that of `dtype`. Pass variables only.
      subroutine strided_from_any(array, dtype, view, stat, errmsg) bind(C, name="strided_fortran_from_any")
         import :: strided_view, c_int, c_char, c_int32_t
         type(*), target, intent(in), optional :: array(..)
         integer(c_int32_t), intent(in) :: dtype
         type(strided_view), intent(inout) :: view
         integer(c_int), intent(out), optional :: stat
         character(kind=c_char, len=*), intent(inout), optional :: errmsg
      end subroutine strided_from_any
   end interface

   !> `strided_range([lo] [, hi] [, step])`: the section `lo:hi:step` of one dimension, as Fortran means it: `hi` is included,
   !! absent bounds are the ends of the dimension, a negative step runs backwards.
   interface strided_range
      module procedure range_int32, range_int64
   end interface strided_range

   !> `strided_at(i)`: element i of a dimension, which disappears from the view.
   interface strided_at
      module procedure at_int32, at_int64
   end interface strided_at

   !> `call strided_view_init(out, data, dtype, shape [, strides] [, order] [, stat] [, errmsg])`: a view of memory at a C
   !! address. `strides` in bytes; without them the elements lie densely in `order`.
   interface strided_view_init
      module procedure view_init_int32, view_init_int64
   end interface strided_view_init

   !> `call strided_view_init_opaque(out, data, itemsize, shape [, strides] [, order] [, stat] [, errmsg])`: the same for items
   !! of any size in bytes.
   interface strided_view_init_opaque
      module procedure view_init_opaque_int32, view_init_opaque_int64
   end interface strided_view_init_opaque

   !> `call strided_view_reshape(in, shape, out [, order] [, stat] [, errmsg])`: the same elements under another shape, taken
   !! in `order` (column-major unless given, as `reshape` does). One extent may be -1. STRIDED_E_NEEDS_COPY where no view
   !! can do it.
   interface strided_view_reshape
      module procedure reshape_int32, reshape_int64
   end interface strided_view_reshape

   !> `call strided_view_broadcast_to(in, shape, out [, stat] [, errmsg])`: repeats dimensions of extent 1, and adds missing
   !! ones **in front**, as NumPy does. For `spread`, add a dimension where you want it (`strided_view_expand_dims`) first.
   !! The result is read-only.
   interface strided_view_broadcast_to
      module procedure broadcast_to_int32, broadcast_to_int64
   end interface strided_view_broadcast_to

   !> `call strided_view_sliding_window(in, dims, window, out [, stat] [, errmsg])`: every window of the extents `window` along
   !! `dims`, as further dimensions at the end. The result is read-only.
   interface strided_view_sliding_window
      module procedure sliding_window_int32, sliding_window_int64
   end interface strided_view_sliding_window

   !> `call strided_array_new(dtype, shape, array [, order] [, align] [, stat] [, errmsg])`: new memory, not initialised.
   interface strided_array_new
      module procedure array_new_int32, array_new_int64
   end interface strided_array_new

   !> `call strided_array_zeros(dtype, shape, array [, order] [, stat] [, errmsg])`: new memory, all zero.
   interface strided_array_zeros
      module procedure array_zeros_int32, array_zeros_int64
   end interface strided_array_zeros

   !> `call strided_array_new_opaque(itemsize, shape, array [, order] [, stat] [, errmsg])`: new memory for opaque items.
   interface strided_array_new_opaque
      module procedure array_new_opaque_int32, array_new_opaque_int64
   end interface strided_array_new_opaque

   !> `call strided_fill(out, value [, stat] [, errmsg])`: sets every element of a view. The value is converted under the
   !! same_kind rule.
   interface strided_fill
      module procedure fill_i8, fill_i16, fill_i32, fill_i64, fill_f32, fill_f64, fill_c64, fill_c128, fill_bool, fill_logical
   end interface strided_fill

   !> `call strided_reduce(op, in, out [, dim] [, keepdims] [, stat] [, errmsg])`: reduces one dimension (`dim=2`), several
   !! (`dim=[1, 3]`), or all. `out` has the shape of `in` without those dimensions, or with extent 1 there when `keepdims`.
   interface strided_reduce
      module procedure reduce_one, reduce_many
   end interface strided_reduce

   !> `call strided_reduce_with(op, in, out [, dim] [, keepdims] [, mask] [, initial] [, ddof] [, stat] [, errmsg])`:
   !! `strided_reduce` over elements under true in `mask` (a view of logicals), joined with the one element of `initial` (sum,
   !! prod, min, max, any, all), with `ddof` subtracted from the number of elements (var, std).
   interface strided_reduce_with
      module procedure reduce_with_one, reduce_with_many
   end interface strided_reduce_with

   !> `call strided_dot(a, b, out [, dim] [, keepdims] [, stat] [, errmsg])`: the sums of the products of `a` and `b`, repeated to
   !! a common shape, over one dimension of it, several, or all.
   interface strided_dot
      module procedure dot_one, dot_many
   end interface strided_dot

   !> `strided_dot` with the complex conjugate of `a`.
   interface strided_vdot
      module procedure vdot_one, vdot_many
   end interface strided_vdot

   !> The C struct `strided_reduce_options`.
   type, bind(C) :: c_reduce_options
      type(c_ptr) :: where = c_null_ptr, initial = c_null_ptr
      integer(c_int32_t) :: initial_dtype = 0, reserved = 0
      real(c_double) :: ddof = 0
   end type c_reduce_options

   ! The C functions, under their own names with `c_` for `strided_`. Lists that may be absent are addresses.
   interface
      function c_view_init(out, data, dtype, ndim, shape, strides, order) &
         bind(C, name="strided_view_init") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(inout), target :: out
         type(c_ptr), value :: data
         integer(c_int32_t), value :: dtype, ndim
         type(c_ptr), value :: shape, strides
         integer(c_int32_t), value :: order
         integer(c_int32_t) :: status
      end function c_view_init
      function c_view_init_opaque(out, data, itemsize, ndim, shape, strides, order) &
         bind(C, name="strided_view_init_opaque") result(status)
         import :: strided_view, c_ptr, c_int32_t, c_int64_t
         type(strided_view), intent(inout), target :: out
         type(c_ptr), value :: data
         integer(c_int64_t), value :: itemsize
         integer(c_int32_t), value :: ndim
         type(c_ptr), value :: shape, strides
         integer(c_int32_t), value :: order
         integer(c_int32_t) :: status
      end function c_view_init_opaque
      function c_view_check(v, block, nbytes) bind(C, name="strided_view_check") result(status)
         import :: strided_view, c_ptr, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: v
         type(c_ptr), value :: block
         integer(c_int64_t), value :: nbytes
         integer(c_int32_t) :: status
      end function c_view_check
      function c_view_transpose(in, axes, out) bind(C, name="strided_view_transpose") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         type(c_ptr), value :: axes
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_transpose
      function c_view_swapaxes(in, a, b, out) bind(C, name="strided_view_swapaxes") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: a, b
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_swapaxes
      function c_view_moveaxis(in, n, from, to, out) bind(C, name="strided_view_moveaxis") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: n
         type(c_ptr), value :: from, to
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_moveaxis
      function c_view_index(in, n, items, out) bind(C, name="strided_view_index") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: n
         type(c_ptr), value :: items
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_index
      function c_view_squeeze(in, n, axes, out) bind(C, name="strided_view_squeeze") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: n
         type(c_ptr), value :: axes
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_squeeze
      function c_view_expand_dims(in, n, axes, out) bind(C, name="strided_view_expand_dims") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: n
         type(c_ptr), value :: axes
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_expand_dims
      function c_view_flip(in, n, axes, out) bind(C, name="strided_view_flip") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: n
         type(c_ptr), value :: axes
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_flip
      function c_view_rot90(in, k, a, b, out) bind(C, name="strided_view_rot90") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: k, a, b
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_rot90
      function c_view_reshape(in, ndim, shape, order, out) bind(C, name="strided_view_reshape") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: ndim
         type(c_ptr), value :: shape
         integer(c_int32_t), value :: order
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_reshape
      function c_view_ravel(in, order, out) bind(C, name="strided_view_ravel") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: order
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_ravel
      function c_view_broadcast_to(in, ndim, shape, out) bind(C, name="strided_view_broadcast_to") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: ndim
         type(c_ptr), value :: shape
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_broadcast_to
      function c_view_diagonal(in, offset, a, b, out) bind(C, name="strided_view_diagonal") result(status)
         import :: strided_view, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: in
         integer(c_int64_t), value :: offset
         integer(c_int32_t), value :: a, b
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_diagonal
      function c_view_sliding_window(in, n, axes, window, out) &
         bind(C, name="strided_view_sliding_window") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: n
         type(c_ptr), value :: axes, window
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_sliding_window
      function c_view_split(in, sections, axis, part, out) bind(C, name="strided_view_split") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: sections, axis, part
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_split
      function c_view_as_strided(in, ndim, shape, strides, block, nbytes, out) &
         bind(C, name="strided_view_as_strided") result(status)
         import :: strided_view, c_ptr, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: ndim
         type(c_ptr), value :: shape, strides, block
         integer(c_int64_t), value :: nbytes
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_as_strided
      function c_view_reinterpret(in, dtype, out) bind(C, name="strided_view_reinterpret") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: dtype
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_reinterpret
      function c_view_real(in, out) bind(C, name="strided_view_real") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: in
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_real
      function c_view_imag(in, out) bind(C, name="strided_view_imag") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: in
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_imag
      function c_view_field(in, byte_offset, dtype, out) bind(C, name="strided_view_field") result(status)
         import :: strided_view, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: in
         integer(c_int64_t), value :: byte_offset
         integer(c_int32_t), value :: dtype
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_field
      function c_view_field_opaque(in, byte_offset, itemsize, out) &
         bind(C, name="strided_view_field_opaque") result(status)
         import :: strided_view, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: in
         integer(c_int64_t), value :: byte_offset, itemsize
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_field_opaque
      function c_view_readonly(in, out) bind(C, name="strided_view_readonly") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: in
         type(strided_view), intent(inout), target :: out
         integer(c_int32_t) :: status
      end function c_view_readonly
      function c_view_size(v) bind(C, name="strided_view_size") result(status)
         import :: strided_view, c_int64_t
         type(strided_view), intent(in), target :: v
         integer(c_int64_t) :: status
      end function c_view_size
      function c_view_query(v) bind(C, name="strided_view_query") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: v
         integer(c_int32_t) :: status
      end function c_view_query
      function c_view_extent(in, low, high) bind(C, name="strided_view_extent") result(status)
         import :: strided_view, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: in
         integer(c_int64_t), intent(inout) :: low, high
         integer(c_int32_t) :: status
      end function c_view_extent
      function c_view_overlap(a, b, exact, answer) bind(C, name="strided_view_overlap") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: a, b
         integer(c_int32_t), value :: exact
         integer(c_int32_t), intent(inout) :: answer
         integer(c_int32_t) :: status
      end function c_view_overlap
      function c_view_address(in, n, indices, out) bind(C, name="strided_view_address") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: n
         type(c_ptr), value :: indices
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_view_address
      function c_result_type(a, b, out) bind(C, name="strided_result_type") result(status)
         import :: c_int32_t
         integer(c_int32_t), value :: a, b
         integer(c_int32_t), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_result_type
      function c_can_cast(from, to, casting, answer) bind(C, name="strided_can_cast") result(status)
         import :: c_int32_t
         integer(c_int32_t), value :: from, to, casting
         integer(c_int32_t), intent(inout) :: answer
         integer(c_int32_t) :: status
      end function c_can_cast
      function c_dtype_size(dtype) bind(C, name="strided_dtype_size") result(status)
         import :: c_int32_t, c_int64_t
         integer(c_int32_t), value :: dtype
         integer(c_int64_t) :: status
      end function c_dtype_size
      function c_dtype_name(dtype) bind(C, name="strided_dtype_name") result(status)
         import :: c_ptr, c_int32_t
         integer(c_int32_t), value :: dtype
         type(c_ptr) :: status
      end function c_dtype_name
      function c_version() bind(C, name="strided_version") result(status)
         import :: c_ptr
         type(c_ptr) :: status
      end function c_version
      function c_simd_level() bind(C, name="strided_simd_level") result(status)
         import :: c_ptr
         type(c_ptr) :: status
      end function c_simd_level
      function c_array_new(dtype, ndim, shape, order, out) bind(C, name="strided_array_new") result(status)
         import :: c_ptr, c_int32_t
         integer(c_int32_t), value :: dtype, ndim
         type(c_ptr), value :: shape
         integer(c_int32_t), value :: order
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_new
      function c_array_new_aligned(align, dtype, ndim, shape, order, out) &
         bind(C, name="strided_array_new_aligned") result(status)
         import :: c_ptr, c_int32_t, c_int64_t
         integer(c_int64_t), value :: align
         integer(c_int32_t), value :: dtype, ndim
         type(c_ptr), value :: shape
         integer(c_int32_t), value :: order
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_new_aligned
      function c_array_zeros(dtype, ndim, shape, order, out) bind(C, name="strided_array_zeros") result(status)
         import :: c_ptr, c_int32_t
         integer(c_int32_t), value :: dtype, ndim
         type(c_ptr), value :: shape
         integer(c_int32_t), value :: order
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_zeros
      function c_array_new_opaque(itemsize, ndim, shape, order, out) &
         bind(C, name="strided_array_new_opaque") result(status)
         import :: c_ptr, c_int32_t, c_int64_t
         integer(c_int64_t), value :: itemsize
         integer(c_int32_t), value :: ndim
         type(c_ptr), value :: shape
         integer(c_int32_t), value :: order
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_new_opaque
      function c_array_adopt(v, release, context, out) bind(C, name="strided_array_adopt") result(status)
         import :: strided_view, c_ptr, c_funptr, c_int32_t
         type(strided_view), intent(in), target :: v
         type(c_funptr), value :: release
         type(c_ptr), value :: context
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_adopt
      function c_array_from_view(base, v, out) bind(C, name="strided_array_from_view") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(c_ptr), value :: base
         type(strided_view), intent(in), target :: v
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_from_view
      function c_array_copy(v, order, out) bind(C, name="strided_array_copy") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: v
         integer(c_int32_t), value :: order
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_copy
      function c_array_cast(v, dtype, casting, order, out) bind(C, name="strided_array_cast") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: v
         integer(c_int32_t), value :: dtype, casting, order
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_cast
      function c_array_contiguous(a, order, out) bind(C, name="strided_array_contiguous") result(status)
         import :: c_ptr, c_int32_t
         type(c_ptr), value :: a
         integer(c_int32_t), value :: order
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_array_contiguous
      function c_array_view(a) bind(C, name="strided_array_view") result(status)
         import :: c_ptr
         type(c_ptr), value :: a
         type(c_ptr) :: status
      end function c_array_view
      function c_array_retain(a) bind(C, name="strided_array_retain") result(status)
         import :: c_ptr
         type(c_ptr), value :: a
         type(c_ptr) :: status
      end function c_array_retain
      subroutine c_array_release(a) bind(C, name="strided_array_release")
         import :: c_ptr
         type(c_ptr), value :: a
      end subroutine c_array_release
      function c_array_shares(a) bind(C, name="strided_array_shares") result(status)
         import :: c_ptr, c_int64_t
         type(c_ptr), value :: a
         integer(c_int64_t) :: status
      end function c_array_shares
      function c_copy(src, dst) bind(C, name="strided_copy") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: src, dst
         integer(c_int32_t) :: status
      end function c_copy
      function c_copy_cast(src, dst, casting) bind(C, name="strided_copy_cast") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: src, dst
         integer(c_int32_t), value :: casting
         integer(c_int32_t) :: status
      end function c_copy_cast
      function c_fill(dst, dtype, value) bind(C, name="strided_fill") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: dst
         integer(c_int32_t), value :: dtype
         type(c_ptr), value :: value
         integer(c_int32_t) :: status
      end function c_fill
      function c_unary(op, v, out) bind(C, name="strided_unary") result(status)
         import :: strided_view, c_int32_t
         integer(c_int32_t), value :: op
         type(strided_view), intent(in), target :: v, out
         integer(c_int32_t) :: status
      end function c_unary
      function c_unary_result_type(op, v, out) bind(C, name="strided_unary_result_type") result(status)
         import :: c_int32_t
         integer(c_int32_t), value :: op, v
         integer(c_int32_t), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_unary_result_type
      function c_binary_result_type(op, a, b, out) bind(C, name="strided_binary_result_type") result(status)
         import :: c_int32_t
         integer(c_int32_t), value :: op, a, b
         integer(c_int32_t), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_binary_result_type
      function c_reduce_result_type(op, v, out) bind(C, name="strided_reduce_result_type") result(status)
         import :: c_int32_t
         integer(c_int32_t), value :: op, v
         integer(c_int32_t), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_reduce_result_type
      function c_reduce_with(op, in, naxes, axes, keepdims, options, out) bind(C, name="strided_reduce_with") result(status)
         import :: strided_view, c_reduce_options, c_ptr, c_int32_t
         integer(c_int32_t), value :: op
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: naxes
         type(c_ptr), value :: axes
         integer(c_int32_t), value :: keepdims
         type(c_reduce_options), intent(in) :: options
         type(strided_view), intent(in), target :: out
         integer(c_int32_t) :: status
      end function c_reduce_with
      function c_dot(a, b, naxes, axes, keepdims, out) bind(C, name="strided_dot") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: a, b
         integer(c_int32_t), value :: naxes
         type(c_ptr), value :: axes
         integer(c_int32_t), value :: keepdims
         type(strided_view), intent(in), target :: out
         integer(c_int32_t) :: status
      end function c_dot
      function c_vdot(a, b, naxes, axes, keepdims, out) bind(C, name="strided_vdot") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(strided_view), intent(in), target :: a, b
         integer(c_int32_t), value :: naxes
         type(c_ptr), value :: axes
         integer(c_int32_t), value :: keepdims
         type(strided_view), intent(in), target :: out
         integer(c_int32_t) :: status
      end function c_vdot
      function c_where(mask, a, b, out) bind(C, name="strided_where") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: mask, a, b, out
         integer(c_int32_t) :: status
      end function c_where
      function c_compress(v, mask, order, out, count) bind(C, name="strided_compress") result(status)
         import :: strided_view, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: v, mask
         integer(c_int32_t), value :: order
         type(strided_view), intent(in), target, optional :: out
         integer(c_int64_t), intent(out) :: count
         integer(c_int32_t) :: status
      end function c_compress
      function c_clip(v, low, high, out) bind(C, name="strided_clip") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: v
         type(strided_view), intent(in), target, optional :: low, high
         type(strided_view), intent(in), target :: out
         integer(c_int32_t) :: status
      end function c_clip
      function c_fma(a, b, c, out) bind(C, name="strided_fma") result(status)
         import :: strided_view, c_int32_t
         type(strided_view), intent(in), target :: a, b, c, out
         integer(c_int32_t) :: status
      end function c_fma
      function c_unary_where(op, v, mask, out) bind(C, name="strided_unary_where") result(status)
         import :: strided_view, c_int32_t
         integer(c_int32_t), value :: op
         type(strided_view), intent(in), target :: v, mask, out
         integer(c_int32_t) :: status
      end function c_unary_where
      function c_binary_where(op, a, b, mask, out) bind(C, name="strided_binary_where") result(status)
         import :: strided_view, c_int32_t
         integer(c_int32_t), value :: op
         type(strided_view), intent(in), target :: a, b, mask, out
         integer(c_int32_t) :: status
      end function c_binary_where
      function c_binary(op, a, b, out) bind(C, name="strided_binary") result(status)
         import :: strided_view, c_int32_t
         integer(c_int32_t), value :: op
         type(strided_view), intent(in), target :: a, b, out
         integer(c_int32_t) :: status
      end function c_binary
      function c_reduce(op, in, naxes, axes, keepdims, out) bind(C, name="strided_reduce") result(status)
         import :: strided_view, c_ptr, c_int32_t
         integer(c_int32_t), value :: op
         type(strided_view), intent(in), target :: in
         integer(c_int32_t), value :: naxes
         type(c_ptr), value :: axes
         integer(c_int32_t), value :: keepdims
         type(strided_view), intent(in), target :: out
         integer(c_int32_t) :: status
      end function c_reduce
      function c_accumulate(op, v, axis, out) bind(C, name="strided_accumulate") result(status)
         import :: strided_view, c_int32_t
         integer(c_int32_t), value :: op, axis
         type(strided_view), intent(in), target :: v, out
         integer(c_int32_t) :: status
      end function c_accumulate
      function c_accumulate_result_type(op, v, out) bind(C, name="strided_accumulate_result_type") result(status)
         import :: c_int32_t
         integer(c_int32_t), value :: op, v
         integer(c_int32_t), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_accumulate_result_type
      function c_foreach(n, views, flags, inner, context) bind(C, name="strided_foreach") result(status)
         import :: c_ptr, c_funptr, c_int32_t, c_int64_t
         integer(c_int32_t), value :: n
         type(c_ptr), value :: views
         integer(c_int64_t), value :: flags
         type(c_funptr), value :: inner
         type(c_ptr), value :: context
         integer(c_int32_t) :: status
      end function c_foreach
      function c_format(v, buf, cap, needed) bind(C, name="strided_format") result(status)
         import :: strided_view, c_ptr, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: v
         type(c_ptr), value :: buf
         integer(c_int64_t), value :: cap
         integer(c_int64_t), intent(inout) :: needed
         integer(c_int32_t) :: status
      end function c_format
      function c_describe(v, buf, cap, needed) bind(C, name="strided_describe") result(status)
         import :: strided_view, c_ptr, c_int32_t, c_int64_t
         type(strided_view), intent(in), target :: v
         type(c_ptr), value :: buf
         integer(c_int64_t), value :: cap
         integer(c_int64_t), intent(inout) :: needed
         integer(c_int32_t) :: status
      end function c_describe
      function c_npy_save(path, v) bind(C, name="strided_npy_save") result(status)
         import :: strided_view, c_ptr, c_int32_t
         type(c_ptr), value :: path
         type(strided_view), intent(in), target :: v
         integer(c_int32_t) :: status
      end function c_npy_save
      function c_npy_load(path, out) bind(C, name="strided_npy_load") result(status)
         import :: c_ptr, c_int32_t
         type(c_ptr), value :: path
         type(c_ptr), intent(inout) :: out
         integer(c_int32_t) :: status
      end function c_npy_load
      function c_set_num_threads(n) bind(C, name="strided_set_num_threads") result(status)
         import :: c_int32_t
         integer(c_int32_t), value :: n
         integer(c_int32_t) :: status
      end function c_set_num_threads
   end interface

contains

   ! ---- helpers -----------------------------------------------------------------------------------------------------

   !> Dimensions counted from 1 (or from -1 backwards) to C's axes. Refuses here, so that the message counts as the
   !! caller does. `limit` is the number of dimensions that there are.
   subroutine to_axes(dims, limit, axes, status, note)
      integer(c_int), intent(in) :: dims(:)
      integer(c_int32_t), intent(in) :: limit
      integer(c_int32_t), allocatable, intent(out) :: axes(:)
      integer(c_int32_t), intent(inout) :: status
      character(len=*), intent(inout) :: note
      integer :: k
      allocate (axes(size(dims)))
      do k = 1, size(dims)
         if (dims(k) == 0 .or. dims(k) > limit .or. dims(k) < -limit) then
            status = STRIDED_E_AXIS
            note = 'dimension'
            call append_number(note, int(dims(k), c_int64_t))
            note = trim(note)//' is out of range for a view with'
            call append_number(note, int(limit, c_int64_t))
            note = trim(note)//' dimensions, which count from 1'
            return
         end if
         axes(k) = merge(dims(k) - 1, dims(k), dims(k) > 0)
      end do
   end subroutine to_axes

   !> A list of int32 as the library wants it.
   pure function wide(list) result(longer)
      integer(c_int32_t), intent(in) :: list(:)
      integer(c_int64_t) :: longer(size(list))
      longer = list
   end function wide

   !> Number of entries of a list, as C takes it.
   pure function count_of(list) result(n)
      integer(c_int64_t), intent(in) :: list(:)
      integer(c_int32_t) :: n
      n = int(min(size(list, kind=c_int64_t), int(huge(1_c_int32_t), c_int64_t)), c_int32_t)
   end function count_of

   !> `order`, or Fortran's own.
   pure function order_of(order) result(code)
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int32_t) :: code
      code = STRIDED_ORDER_F
      if (present(order)) code = order
   end function order_of

   !> A text with the NUL that C wants.
   pure function zero_ended(text) result(string)
      character(len=*), intent(in) :: text
      character(kind=c_char, len=len_trim(text) + 1) :: string
      string = trim(text)//c_null_char
   end function zero_ended

   ! ---- items of an index -------------------------------------------------------------------------------------------

   pure function range_int32(lo, hi, step) result(item)
      integer(int32), intent(in), optional :: lo, hi, step
      type(strided_index) :: item
      if (present(lo)) item%lo = lo
      if (present(hi)) item%hi = hi
      if (present(step)) item%step = step
   end function range_int32

   pure function range_int64(lo, hi, step) result(item)
      integer(int64), intent(in) :: lo, hi
      integer(int64), intent(in), optional :: step
      type(strided_index) :: item
      item%lo = lo
      item%hi = hi
      if (present(step)) item%step = step
   end function range_int64

   pure function at_int32(i) result(item)
      integer(int32), intent(in) :: i
      type(strided_index) :: item
      item%kind = STRIDED_INDEX_AT
      item%lo = i
   end function at_int32

   pure function at_int64(i) result(item)
      integer(int64), intent(in) :: i
      type(strided_index) :: item
      item%kind = STRIDED_INDEX_AT
      item%lo = i
   end function at_int64

   !> A new dimension of extent 1.
   pure function strided_newaxis() result(item)
      type(strided_index) :: item
      item%kind = STRIDED_INDEX_NEWAXIS
   end function strided_newaxis

   !> All dimensions that the other items leave over. At most one in an index; without one it stands at the end.
   pure function strided_ellipsis() result(item)
      type(strided_index) :: item
      item%kind = STRIDED_INDEX_ELLIPSIS
   end function strided_ellipsis

   !> Items with Fortran's meaning to items with C's. Bounds are checked here, as Fortran's rules and messages want:
   !! every element of a section must exist, while a section without elements may name any bounds.
   subroutine to_c_items(in, items, converted, status, note)
      type(strided_view), intent(in) :: in
      type(strided_index), intent(in) :: items(:)
      type(c_index), intent(out) :: converted(:)
      integer(c_int32_t), intent(inout) :: status
      character(len=*), intent(inout) :: note
      integer :: k, axis, taken
      taken = count(items%kind == STRIDED_INDEX_RANGE .or. items%kind == STRIDED_INDEX_AT)
      if (taken > in%ndim .or. in%ndim > STRIDED_MAX_NDIM) then
         status = STRIDED_E_INDEX
         note = 'the index takes more dimensions than the view has:'
         call append_number(note, int(taken, c_int64_t))
         return
      end if
      axis = 1
      do k = 1, size(items)
         converted(k)%kind = items(k)%kind
         select case (items(k)%kind)
         case (STRIDED_INDEX_RANGE)
            call to_c_range(items(k), in%shape(axis), converted(k), status)
         case (STRIDED_INDEX_AT)
            converted(k)%start = items(k)%lo - 1
            if (items(k)%lo < 1 .or. items(k)%lo > in%shape(axis)) status = STRIDED_E_INDEX
         case (STRIDED_INDEX_ELLIPSIS)
            axis = axis + in%ndim - taken
         end select
         if (status /= STRIDED_OK) then
            note = 'an index or section leaves dimension'
            call append_number(note, int(axis, c_int64_t))
            note = trim(note)//' of extent'
            call append_number(note, in%shape(axis))
            note = trim(note)//', or its step is 0'
            return
         end if
         if (items(k)%kind == STRIDED_INDEX_RANGE .or. items(k)%kind == STRIDED_INDEX_AT) axis = axis + 1
      end do
   end subroutine to_c_items

   subroutine to_c_range(item, extent, converted, status)
      type(strided_index), intent(in) :: item
      integer(c_int64_t), intent(in) :: extent
      type(c_index), intent(inout) :: converted
      integer(c_int32_t), intent(inout) :: status
      integer(c_int64_t) :: lo, hi, step, last
      step = 1
      if (item%step /= STRIDED_NONE) step = item%step
      if (step == 0) then
         status = STRIDED_E_INDEX
         return
      end if
      lo = merge(1_c_int64_t, extent, step > 0)
      hi = merge(extent, 1_c_int64_t, step > 0)
      if (item%lo /= STRIDED_NONE) lo = item%lo
      if (item%hi /= STRIDED_NONE) hi = item%hi
      if ((step > 0 .and. lo > hi) .or. (step < 0 .and. lo < hi)) then
         converted%start = 0
         converted%stop = 0
         converted%step = 1
         return
      end if
      if (lo < 1 .or. lo > extent) then
         status = STRIDED_E_INDEX
         return
      end if
      ! No difference can overflow now: lo is at least 1, and what lies below 0 need not be told apart.
      hi = max(hi, -extent)
      last = lo + ((hi - lo)/step)*step
      if (last < 1 .or. last > extent) then
         status = STRIDED_E_INDEX
         return
      end if
      converted%start = lo - 1
      converted%step = step
      ! C excludes the end; the one before element 0 has no number there and is left open.
      converted%stop = merge(last, last - 2, step > 0)
      if (converted%stop < 0) converted%stop = STRIDED_NONE
   end subroutine to_c_range

   ! ---- views of memory ---------------------------------------------------------------------------------------------

   subroutine view_init_int64(out, data, dtype, shape, strides, order, stat, errmsg)
      type(strided_view), intent(inout) :: out
      type(c_ptr), intent(in) :: data
      integer(c_int32_t), intent(in) :: dtype
      integer(c_int64_t), intent(in) :: shape(:)
      integer(c_int64_t), intent(in), optional :: strides(:)
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: shape_(size(shape)), strides_(size(shape))
      type(c_ptr) :: bytes
      bytes = c_null_ptr
      shape_ = shape
      if (present(strides)) then
         if (size(strides) /= size(shape)) then
            call finish(STRIDED_E_SHAPE, stat, errmsg, 'strided_view_init: shape and strides differ in length')
            return
         end if
         strides_ = strides
         bytes = c_loc(strides_)
      end if
      call finish(c_view_init(out, data, dtype, count_of(shape), c_loc(shape_), bytes, order_of(order)), stat, errmsg)
   end subroutine view_init_int64

   subroutine view_init_int32(out, data, dtype, shape, strides, order, stat, errmsg)
      type(strided_view), intent(inout) :: out
      type(c_ptr), intent(in) :: data
      integer(c_int32_t), intent(in) :: dtype
      integer(c_int32_t), intent(in) :: shape(:)
      integer(c_int64_t), intent(in), optional :: strides(:)
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call view_init_int64(out, data, dtype, wide(shape), strides, order, stat, errmsg)
   end subroutine view_init_int32

   subroutine view_init_opaque_int64(out, data, itemsize, shape, strides, order, stat, errmsg)
      type(strided_view), intent(inout) :: out
      type(c_ptr), intent(in) :: data
      integer(c_int64_t), intent(in) :: itemsize
      integer(c_int64_t), intent(in) :: shape(:)
      integer(c_int64_t), intent(in), optional :: strides(:)
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: shape_(size(shape)), strides_(size(shape))
      type(c_ptr) :: bytes
      bytes = c_null_ptr
      shape_ = shape
      if (present(strides)) then
         if (size(strides) /= size(shape)) then
            call finish(STRIDED_E_SHAPE, stat, errmsg, 'strided_view_init_opaque: shape and strides differ in length')
            return
         end if
         strides_ = strides
         bytes = c_loc(strides_)
      end if
      call finish(c_view_init_opaque(out, data, itemsize, count_of(shape), c_loc(shape_), bytes, order_of(order)), &
         stat, errmsg)
   end subroutine view_init_opaque_int64

   subroutine view_init_opaque_int32(out, data, itemsize, shape, strides, order, stat, errmsg)
      type(strided_view), intent(inout) :: out
      type(c_ptr), intent(in) :: data
      integer(c_int64_t), intent(in) :: itemsize
      integer(c_int32_t), intent(in) :: shape(:)
      integer(c_int64_t), intent(in), optional :: strides(:)
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call view_init_opaque_int64(out, data, itemsize, wide(shape), strides, order, stat, errmsg)
   end subroutine view_init_opaque_int32

   !> Are all elements inside the block of `nbytes` bytes? STRIDED_E_BOUNDS if not.
   subroutine strided_view_check(view, block, nbytes, stat, errmsg)
      type(strided_view), intent(in) :: view
      type(c_ptr), intent(in) :: block
      integer(c_int64_t), intent(in) :: nbytes
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_check(view, block, nbytes), stat, errmsg)
   end subroutine strided_view_check

   !> Proves that the library reads and fills this compiler's descriptors: a section goes in, its numbers are compared, and
   !! a view comes back. STRIDED_E_DESCRIPTOR otherwise. Cheap; a program can do it once at its start.
   subroutine strided_self_check(stat, errmsg)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: grid(4, 3)
      integer(c_int32_t), pointer :: back(:, :)
      type(strided_view) :: view
      integer(c_int) :: code
      logical :: good
      integer :: k
      character(len=200) :: message
      grid = reshape([(k, k=1, 12)], [4, 3])
      back => grid    ! gfortran warns about pointers that point nowhere
      message = ''
      good = .false.
      call strided_from(grid(4:1:-2, 2:3), view, code, message)
      if (code == STRIDED_OK) then
         good = view%ndim == 2 .and. view%itemsize == 4 .and. all(view%shape(:2) == [2, 2]) &
            .and. all(view%strides(:2) == [-8, 16]) .and. c_associated(view%data, c_loc(grid(4, 2)))
         if (good) call strided_to(view, back, code, message)
      end if
      if (good .and. code == STRIDED_OK) good = associated(back)
      if (good .and. code == STRIDED_OK) good = size(back, 1) == 2 .and. size(back, 2) == 2
      if (good .and. code == STRIDED_OK) good = all(back == reshape([8, 6, 12, 10], [2, 2]))
      if (good .and. code == STRIDED_OK) then
         if (present(stat)) stat = STRIDED_OK
         return
      end if
      if (len_trim(message) == 0) message = 'descriptors of this compiler have another layout: use strided_fortran.h'
      call finish(STRIDED_E_DESCRIPTOR, stat, errmsg, message)
   end subroutine strided_self_check

   ! ---- views of views ----------------------------------------------------------------------------------------------

   !> Reverses the dimensions, or puts dimension `dims(k)` of the input at place k of the result, as NumPy's `transpose`
   !! and unlike the `order=` of `reshape`, which is the inverse.
   subroutine strided_view_transpose(in, out, dims, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(in), optional :: dims(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      if (present(dims)) then
         call strided_view_permute(in, dims, out, stat, errmsg)
      else
         call finish(c_view_transpose(in, c_null_ptr, out), stat, errmsg)
      end if
   end subroutine strided_view_transpose

   !> Puts dimension `axes(k)` of the input at place k of the result.
   subroutine strided_view_permute(in, axes, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int), intent(in) :: axes(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable, target :: axes_(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      if (size(axes) /= in%ndim) then
         status = STRIDED_E_SHAPE
         note = 'strided_view_permute: axes must name every dimension of the view once'
      else
         call to_axes(axes, in%ndim, axes_, status, note)
      end if
      if (status == STRIDED_OK) status = c_view_transpose(in, address(axes_), out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_permute

   !> The address of a list, also of an empty one.
   function address(list) result(where)
      integer(c_int32_t), intent(in), target :: list(:)
      type(c_ptr) :: where
      integer(c_int32_t), target, save :: nothing(1) = 0
      if (size(list) > 0) then
         where = c_loc(list(1))
      else
         where = c_loc(nothing(1))
      end if
   end function address

   !> Exchanges two dimensions.
   subroutine strided_view_swapaxes(in, a, b, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int), intent(in) :: a, b
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      call to_axes([a, b], in%ndim, axes, status, note)
      if (status == STRIDED_OK) status = c_view_swapaxes(in, axes(1), axes(2), out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_swapaxes

   !> Moves the dimensions `from` to the places `to`; the others keep their order.
   subroutine strided_view_moveaxis(in, from, to, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int), intent(in) :: from(:), to(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable, target :: from_(:), to_(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      if (size(from) /= size(to)) then
         status = STRIDED_E_SHAPE
         note = 'strided_view_moveaxis: from and to differ in length'
      end if
      if (status == STRIDED_OK) call to_axes(from, in%ndim, from_, status, note)
      if (status == STRIDED_OK) call to_axes(to, in%ndim, to_, status, note)
      if (status == STRIDED_OK) status = c_view_moveaxis(in, size(from_, kind=c_int32_t), address(from_), address(to_), out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_moveaxis

   !> A section: one item for each dimension, made by `strided_range`, `strided_at`, `strided_newaxis` and
   !! `strided_ellipsis`. Dimensions without an item stay whole. `a(2:9:3, :, 4)` is
   !! `call strided_view_index(v, [strided_range(2, 9, 3), strided_range(), strided_at(4)], s)`.
   subroutine strided_view_index(in, items, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_index), intent(in) :: items(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(c_index), target :: converted(max(size(items), 1))
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      call to_c_items(in, items, converted(:size(items)), status, note)
      if (status == STRIDED_OK) status = c_view_index(in, size(items, kind=c_int32_t), c_loc(converted), out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_index

   !> Drops dimensions of extent 1: those named, or all of them.
   subroutine strided_view_squeeze(in, out, dims, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(in), optional :: dims(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable, target :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      if (.not. present(dims)) then
         status = c_view_squeeze(in, 0_c_int32_t, c_null_ptr, out)
      else
         call to_axes(dims, in%ndim, axes, status, note)
         if (status == STRIDED_OK) status = c_view_squeeze(in, size(axes, kind=c_int32_t), address(axes), out)
      end if
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_squeeze

   !> Adds dimensions of extent 1; `dims` are their places in the result.
   subroutine strided_view_expand_dims(in, dims, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int), intent(in) :: dims(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable, target :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      call to_axes(dims, in%ndim + size(dims, kind=c_int32_t), axes, status, note)
      if (status == STRIDED_OK) status = c_view_expand_dims(in, size(axes, kind=c_int32_t), address(axes), out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_expand_dims

   !> Reverses the dimensions named, or all of them.
   subroutine strided_view_flip(in, out, dims, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(in), optional :: dims(:)
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable, target :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      if (.not. present(dims)) then
         status = c_view_flip(in, 0_c_int32_t, c_null_ptr, out)
      else
         call to_axes(dims, in%ndim, axes, status, note)
         if (status == STRIDED_OK) status = c_view_flip(in, size(axes, kind=c_int32_t), address(axes), out)
      end if
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_flip

   !> Turns the plane of dimensions `a` and `b` by `k` quarters, from `a` towards `b`.
   subroutine strided_view_rot90(in, k, a, b, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int), intent(in) :: k, a, b
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      call to_axes([a, b], in%ndim, axes, status, note)
      if (status == STRIDED_OK) status = c_view_rot90(in, k, axes(1), axes(2), out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_rot90

   subroutine reshape_int64(in, shape, out, order, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int64_t), intent(in) :: shape(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: shape_(max(size(shape), 1))
      shape_(:size(shape)) = shape
      call finish(c_view_reshape(in, count_of(shape), c_loc(shape_), order_of(order), out), stat, errmsg)
   end subroutine reshape_int64

   subroutine reshape_int32(in, shape, out, order, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int32_t), intent(in) :: shape(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call reshape_int64(in, wide(shape), out, order, stat, errmsg)
   end subroutine reshape_int32

   !> One dimension with all elements, taken in `order` (column-major unless given).
   subroutine strided_view_ravel(in, out, order, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_view), intent(inout), target :: out
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_ravel(in, order_of(order), out), stat, errmsg)
   end subroutine strided_view_ravel

   subroutine broadcast_to_int64(in, shape, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int64_t), intent(in) :: shape(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: shape_(max(size(shape), 1))
      shape_(:size(shape)) = shape
      call finish(c_view_broadcast_to(in, count_of(shape), c_loc(shape_), out), stat, errmsg)
   end subroutine broadcast_to_int64

   subroutine broadcast_to_int32(in, shape, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int32_t), intent(in) :: shape(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call broadcast_to_int64(in, wide(shape), out, stat, errmsg)
   end subroutine broadcast_to_int32

   !> The diagonal of the plane of dimensions `a` and `b` (1 and 2 unless given), `offset` elements along `b` (0 unless
   !! given), as the last dimension of the result.
   subroutine strided_view_diagonal(in, out, offset, a, b, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(in), optional :: offset, a, b
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable :: axes(:)
      integer(c_int) :: plane(2)
      integer(c_int64_t) :: shift
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      plane = [1, 2]
      shift = 0
      if (present(a)) plane(1) = a
      if (present(b)) plane(2) = b
      if (present(offset)) shift = offset
      call to_axes(plane, in%ndim, axes, status, note)
      if (status == STRIDED_OK) status = c_view_diagonal(in, shift, axes(1), axes(2), out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_diagonal

   subroutine sliding_window_int64(in, dims, window, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int), intent(in) :: dims(:)
      integer(c_int64_t), intent(in) :: window(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: window_(max(size(window), 1))
      integer(c_int32_t), allocatable, target :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      if (size(dims) /= size(window)) then
         status = STRIDED_E_SHAPE
         note = 'strided_view_sliding_window: dims and window differ in length'
      else
         call to_axes(dims, in%ndim, axes, status, note)
      end if
      if (status == STRIDED_OK) then
         window_(:size(window)) = window
         status = c_view_sliding_window(in, size(axes, kind=c_int32_t), address(axes), c_loc(window_), out)
      end if
      call finish(status, stat, errmsg, note)
   end subroutine sliding_window_int64

   subroutine sliding_window_int32(in, dims, window, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int), intent(in) :: dims(:)
      integer(c_int32_t), intent(in) :: window(:)
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call sliding_window_int64(in, dims, wide(window), out, stat, errmsg)
   end subroutine sliding_window_int32

   !> Part number `part` (from 1) of dimension `dim` cut into `sections` parts as equal as possible, the longer ones first.
   subroutine strided_view_split(in, sections, dim, part, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int), intent(in) :: sections, dim, part
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      call to_axes([dim], in%ndim, axes, status, note)
      if (status == STRIDED_OK .and. (part < 1 .or. part > sections)) then
         status = STRIDED_E_INDEX
         note = 'strided_view_split: part must be 1 to sections'
      end if
      if (status == STRIDED_OK) status = c_view_split(in, sections, axes(1), part - 1, out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_view_split

   !> Any shape and any strides in bytes from the first element of `in`, as long as all elements lie inside the block.
   subroutine strided_view_as_strided(in, shape, strides, block, nbytes, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int64_t), intent(in) :: shape(:), strides(:)
      type(c_ptr), intent(in) :: block
      integer(c_int64_t), intent(in) :: nbytes
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: shape_(max(size(shape), 1)), strides_(max(size(shape), 1))
      if (size(shape) /= size(strides)) then
         call finish(STRIDED_E_SHAPE, stat, errmsg, 'strided_view_as_strided: shape and strides differ in length')
         return
      end if
      shape_(:size(shape)) = shape
      strides_(:size(shape)) = strides
      call finish(c_view_as_strided(in, count_of(shape), c_loc(shape_), c_loc(strides_), block, nbytes, out), stat, errmsg)
   end subroutine strided_view_as_strided

   !> The same bytes as elements of another type; item sizes may differ where the last dimension allows it (NumPy's rules
   !! for `view(dtype)`, which count the last dimension as the one whose extent changes).
   subroutine strided_view_reinterpret(in, dtype, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int32_t), intent(in) :: dtype
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_reinterpret(in, dtype, out), stat, errmsg)
   end subroutine strided_view_reinterpret

   !> The real parts of a complex view.
   subroutine strided_view_real(in, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_real(in, out), stat, errmsg)
   end subroutine strided_view_real

   !> The imaginary parts of a complex view.
   subroutine strided_view_imag(in, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_imag(in, out), stat, errmsg)
   end subroutine strided_view_imag

   !> A component of each item, `byte_offset` bytes (from 0) behind the item's start.
   subroutine strided_view_field(in, byte_offset, dtype, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int64_t), intent(in) :: byte_offset
      integer(c_int32_t), intent(in) :: dtype
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_field(in, byte_offset, dtype, out), stat, errmsg)
   end subroutine strided_view_field

   !> `itemsize` bytes of each item, `byte_offset` bytes (from 0) behind its start.
   subroutine strided_view_field_opaque(in, byte_offset, itemsize, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      integer(c_int64_t), intent(in) :: byte_offset, itemsize
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_field_opaque(in, byte_offset, itemsize, out), stat, errmsg)
   end subroutine strided_view_field_opaque

   !> The same view, through which the library refuses to write.
   subroutine strided_view_readonly(in, out, stat, errmsg)
      type(strided_view), intent(in), target :: in
      type(strided_view), intent(inout), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_readonly(in, out), stat, errmsg)
   end subroutine strided_view_readonly

   ! ---- questions ---------------------------------------------------------------------------------------------------

   !> The number of elements; -1 for a bad view.
   function strided_view_size(view) result(n)
      type(strided_view), intent(in) :: view
      integer(c_int64_t) :: n
      n = c_view_size(view)
   end function strided_view_size

   !> The extents, as `shape` gives them.
   pure function strided_view_shape(view) result(extents)
      type(strided_view), intent(in) :: view
      integer(c_int64_t) :: extents(max(0, min(view%ndim, STRIDED_MAX_NDIM)))
      extents = view%shape(:size(extents))
   end function strided_view_shape

   !> The strides in bytes.
   pure function strided_view_strides(view) result(bytes)
      type(strided_view), intent(in) :: view
      integer(c_int64_t) :: bytes(max(0, min(view%ndim, STRIDED_MAX_NDIM)))
      bytes = view%strides(:size(bytes))
   end function strided_view_strides

   !> STRIDED_IS_... bits; `iand(strided_view_query(v), STRIDED_IS_F_CONTIGUOUS) /= 0`. 0 for a bad view.
   function strided_view_query(view) result(bits)
      type(strided_view), intent(in) :: view
      integer(c_int32_t) :: bits
      bits = c_view_query(view)
   end function strided_view_query

   !> The bytes that the elements take, from `low` up to but without `high`, counted from the first element.
   subroutine strided_view_extent(view, low, high, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), intent(inout) :: low, high
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_view_extent(view, low, high), stat, errmsg)
   end subroutine strided_view_extent

   !> Do two views share memory? By their bounds, or exactly when `exact` (bounded work: STRIDED_E_UNDECIDED if not enough).
   subroutine strided_view_overlap(a, b, answer, exact, stat, errmsg)
      type(strided_view), intent(in), target :: a, b
      logical, intent(inout) :: answer
      logical, intent(in), optional :: exact
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t) :: status, how, found
      how = 0
      if (present(exact)) how = merge(1, 0, exact)
      found = 0
      status = c_view_overlap(a, b, how, found)
      if (status == STRIDED_OK) answer = found /= 0
      call finish(status, stat, errmsg)
   end subroutine strided_view_overlap

   !> The address of one element, subscripts from 1.
   subroutine strided_view_address(view, subscripts, where, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int64_t), intent(in) :: subscripts(:)
      type(c_ptr), intent(inout) :: where
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: indices(max(size(subscripts), 1))
      if (any(subscripts < 1)) then
         call finish(STRIDED_E_INDEX, stat, errmsg, 'strided_view_address: subscripts count from 1')
         return
      end if
      indices(:size(subscripts)) = subscripts - 1
      call finish(c_view_address(view, count_of(subscripts), c_loc(indices), where), stat, errmsg)
   end subroutine strided_view_address

   !> The elements as text, as `numpy.array2string` shows them.
   subroutine strided_format(view, text, stat, errmsg)
      type(strided_view), intent(in) :: view
      character(len=:), allocatable, intent(inout) :: text
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      character(kind=c_char), allocatable, target :: letters(:)
      integer(c_int64_t) :: needed
      integer(c_int32_t) :: status
      needed = 0
      status = c_format(view, c_null_ptr, 0_c_int64_t, needed)
      if (status == STRIDED_OK) then
         allocate (letters(needed + 1))
         status = c_format(view, c_loc(letters), needed + 1, needed)
      end if
      if (status == STRIDED_OK) text = c_text(c_loc(letters))
      call finish(status, stat, errmsg)
   end subroutine strided_format

   !> Type, shape, strides, flags and extent as text, with a small picture of the layout.
   subroutine strided_describe(view, text, stat, errmsg)
      type(strided_view), intent(in) :: view
      character(len=:), allocatable, intent(inout) :: text
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      character(kind=c_char), allocatable, target :: letters(:)
      integer(c_int64_t) :: needed
      integer(c_int32_t) :: status
      needed = 0
      status = c_describe(view, c_null_ptr, 0_c_int64_t, needed)
      if (status == STRIDED_OK) then
         allocate (letters(needed + 1))
         status = c_describe(view, c_loc(letters), needed + 1, needed)
      end if
      if (status == STRIDED_OK) text = c_text(c_loc(letters))
      call finish(status, stat, errmsg)
   end subroutine strided_describe

   !> The version of the library that is linked.
   function strided_version() result(text)
      character(len=:), allocatable :: text
      text = c_text(c_version())
   end function strided_version

   !> The vector instructions in use: baseline, avx2, avx512 or neon.
   function strided_simd_level() result(text)
      character(len=:), allocatable :: text
      text = c_text(c_simd_level())
   end function strided_simd_level

   !> The calling thread's last message of the library; empty when there was none.
   function strided_last_error() result(text)
      character(len=:), allocatable :: text
      text = c_text(c_last_error())
   end function strided_last_error

   !> The name of a status.
   function strided_status_name(status) result(text)
      integer(c_int), intent(in) :: status
      character(len=:), allocatable :: text
      text = c_text(c_status_name(status))
   end function strided_status_name

   !> The name of an element type.
   function strided_dtype_name(dtype) result(text)
      integer(c_int32_t), intent(in) :: dtype
      character(len=:), allocatable :: text
      text = c_text(c_dtype_name(dtype))
   end function strided_dtype_name

   !> The bytes of an element; 0 for STRIDED_OPAQUE, -1 for no type.
   function strided_dtype_size(dtype) result(bytes)
      integer(c_int32_t), intent(in) :: dtype
      integer(c_int64_t) :: bytes
      bytes = c_dtype_size(dtype)
   end function strided_dtype_size

   !> The type of a result of two operands, as NumPy 2 promotes.
   subroutine strided_result_type(a, b, dtype, stat, errmsg)
      integer(c_int32_t), intent(in) :: a, b
      integer(c_int32_t), intent(inout) :: dtype
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_result_type(a, b, dtype), stat, errmsg)
   end subroutine strided_result_type

   !> May `from` be converted to `to` under a casting rule?
   subroutine strided_can_cast(from, to, casting, answer, stat, errmsg)
      integer(c_int32_t), intent(in) :: from, to, casting
      logical, intent(inout) :: answer
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t) :: status, found
      found = 0
      status = c_can_cast(from, to, casting, found)
      if (status == STRIDED_OK) answer = found /= 0
      call finish(status, stat, errmsg)
   end subroutine strided_can_cast

   subroutine fill_i8(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      integer(c_int8_t), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int8_t), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_I8, c_loc(copy)), stat, errmsg)
   end subroutine fill_i8

   subroutine fill_i16(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      integer(c_int16_t), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int16_t), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_I16, c_loc(copy)), stat, errmsg)
   end subroutine fill_i16

   subroutine fill_i32(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      integer(c_int32_t), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_I32, c_loc(copy)), stat, errmsg)
   end subroutine fill_i32

   subroutine fill_i64(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      integer(c_int64_t), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_I64, c_loc(copy)), stat, errmsg)
   end subroutine fill_i64

   subroutine fill_f32(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      real(c_float), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_float), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_F32, c_loc(copy)), stat, errmsg)
   end subroutine fill_f32

   subroutine fill_f64(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      real(c_double), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      real(c_double), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_F64, c_loc(copy)), stat, errmsg)
   end subroutine fill_f64

   subroutine fill_c64(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      complex(c_float_complex), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_float_complex), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_C64, c_loc(copy)), stat, errmsg)
   end subroutine fill_c64

   subroutine fill_c128(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      complex(c_double_complex), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      complex(c_double_complex), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_C128, c_loc(copy)), stat, errmsg)
   end subroutine fill_c128

   subroutine fill_bool(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      logical(c_bool), intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      logical(c_bool), target :: copy
      copy = value
      call finish(c_fill(out, STRIDED_BOOL, c_loc(copy)), stat, errmsg)
   end subroutine fill_bool

   subroutine fill_logical(out, value, stat, errmsg)
      type(strided_view), intent(in) :: out
      logical, intent(in) :: value
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call fill_bool(out, logical(value, c_bool), stat, errmsg)
   end subroutine fill_logical
   ! ---- arrays that own memory --------------------------------------------------------------------------------------

   !> Where a variable is.
   function place(array) result(where)
      class(strided_array), intent(in), target :: array
      integer(c_intptr_t) :: where
      where = transfer(c_loc(array%handle), where)
   end function place

   !> Puts a new share into a variable, after giving back the one that it held.
   subroutine take(array, handle)
      class(strided_array), intent(inout), target :: array
      type(c_ptr), intent(in) :: handle
      if (array%owner == place(array)) call c_array_release(array%handle)
      array%handle = handle
      array%owner = place(array)
   end subroutine take

   !> `b = a`: a second share of the same memory.
   subroutine array_assign(to, from)
      class(strided_array), intent(inout), target :: to
      class(strided_array), intent(in), target :: from
      type(c_ptr) :: handle
      ! Retained before the old share goes, which may be the last one of the same memory.
      handle = c_null_ptr
      if (c_associated(from%handle)) handle = c_array_retain(from%handle)
      call take(to, handle)
   end subroutine array_assign

   impure elemental subroutine array_final(array)
      type(strided_array), intent(inout), target :: array
      call strided_array_release(array)
   end subroutine array_final

   !> Gives the share back now; the variable is empty afterwards, and the last share frees the memory. Views and pointers
   !! made from the array must not be used any more then. An empty variable is fine.
   impure elemental subroutine strided_array_release(array)
      type(strided_array), intent(inout), target :: array
      if (array%owner == place(array)) call c_array_release(array%handle)
      array%handle = c_null_ptr
      array%owner = 0
   end subroutine strided_array_release

   !> How many handles hold the memory; 0 for an empty variable.
   function strided_array_shares(array) result(n)
      type(strided_array), intent(in) :: array
      integer(c_int64_t) :: n
      n = 0
      if (c_associated(array%handle)) n = c_array_shares(array%handle)
   end function strided_array_shares

   !> The C handle (`strided_array *`), for C functions that borrow it. NULL for an empty variable.
   function strided_array_to_c(array) result(handle)
      type(strided_array), intent(in) :: array
      type(c_ptr) :: handle
      handle = array%handle
   end function strided_array_to_c

   !> Takes over a C handle together with its share.
   subroutine strided_array_from_c(handle, array)
      type(c_ptr), intent(in) :: handle
      type(strided_array), intent(inout), target :: array
      call take(array, handle)
   end subroutine strided_array_from_c

   !> The view of the whole array. It holds no share.
   subroutine strided_array_view(array, view, stat, errmsg)
      type(strided_array), intent(in) :: array
      type(strided_view), intent(inout) :: view
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(strided_view), pointer :: whole
      type(c_ptr) :: where
      where = c_null_ptr
      if (c_associated(array%handle)) where = c_array_view(array%handle)
      if (.not. c_associated(where)) then
         call finish(STRIDED_E_NULL, stat, errmsg, 'strided_array_view: the array is empty')
         return
      end if
      call c_f_pointer(where, whole)
      view%data = whole%data
      view%itemsize = whole%itemsize
      view%dtype = whole%dtype
      view%ndim = whole%ndim
      view%flags = whole%flags
      view%shape(:whole%ndim) = whole%shape(:whole%ndim)
      view%strides(:whole%ndim) = whole%strides(:whole%ndim)
      call finish(STRIDED_OK, stat, errmsg)
   end subroutine strided_array_view

   !> Ends what makes an array: keeps the new handle on success.
   subroutine finish_array(status, handle, array, stat, errmsg)
      integer(c_int32_t), intent(in) :: status
      type(c_ptr), intent(in) :: handle
      type(strided_array), intent(inout), target :: array
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      if (status == STRIDED_OK) call take(array, handle)
      call finish(status, stat, errmsg)
   end subroutine finish_array

   subroutine array_new_int64(dtype, shape, array, order, align, stat, errmsg)
      integer(c_int32_t), intent(in) :: dtype
      integer(c_int64_t), intent(in) :: shape(:)
      type(strided_array), intent(inout), target :: array
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int64_t), intent(in), optional :: align   !< 64 (as without it) to 4096, a power of two, in bytes
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: shape_(max(size(shape), 1))
      integer(c_int32_t) :: status
      type(c_ptr) :: handle
      handle = c_null_ptr
      shape_(:size(shape)) = shape
      if (present(align)) then
         status = c_array_new_aligned(align, dtype, count_of(shape), c_loc(shape_), order_of(order), handle)
      else
         status = c_array_new(dtype, count_of(shape), c_loc(shape_), order_of(order), handle)
      end if
      call finish_array(status, handle, array, stat, errmsg)
   end subroutine array_new_int64

   subroutine array_new_int32(dtype, shape, array, order, align, stat, errmsg)
      integer(c_int32_t), intent(in) :: dtype
      integer(c_int32_t), intent(in) :: shape(:)
      type(strided_array), intent(inout), target :: array
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int64_t), intent(in), optional :: align
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call array_new_int64(dtype, wide(shape), array, order, align, stat, errmsg)
   end subroutine array_new_int32

   subroutine array_zeros_int64(dtype, shape, array, order, stat, errmsg)
      integer(c_int32_t), intent(in) :: dtype
      integer(c_int64_t), intent(in) :: shape(:)
      type(strided_array), intent(inout), target :: array
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: shape_(max(size(shape), 1))
      integer(c_int32_t) :: status
      type(c_ptr) :: handle
      handle = c_null_ptr
      shape_(:size(shape)) = shape
      status = c_array_zeros(dtype, count_of(shape), c_loc(shape_), order_of(order), handle)
      call finish_array(status, handle, array, stat, errmsg)
   end subroutine array_zeros_int64

   subroutine array_zeros_int32(dtype, shape, array, order, stat, errmsg)
      integer(c_int32_t), intent(in) :: dtype
      integer(c_int32_t), intent(in) :: shape(:)
      type(strided_array), intent(inout), target :: array
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call array_zeros_int64(dtype, wide(shape), array, order, stat, errmsg)
   end subroutine array_zeros_int32

   subroutine array_new_opaque_int64(itemsize, shape, array, order, stat, errmsg)
      integer(c_int64_t), intent(in) :: itemsize
      integer(c_int64_t), intent(in) :: shape(:)
      type(strided_array), intent(inout), target :: array
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t), target :: shape_(max(size(shape), 1))
      integer(c_int32_t) :: status
      type(c_ptr) :: handle
      handle = c_null_ptr
      shape_(:size(shape)) = shape
      status = c_array_new_opaque(itemsize, count_of(shape), c_loc(shape_), order_of(order), handle)
      call finish_array(status, handle, array, stat, errmsg)
   end subroutine array_new_opaque_int64

   subroutine array_new_opaque_int32(itemsize, shape, array, order, stat, errmsg)
      integer(c_int64_t), intent(in) :: itemsize
      integer(c_int32_t), intent(in) :: shape(:)
      type(strided_array), intent(inout), target :: array
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call array_new_opaque_int64(itemsize, wide(shape), array, order, stat, errmsg)
   end subroutine array_new_opaque_int32

   !> Makes an array of foreign memory. `release` is called with `context`, once, when the last share is given back; not
   !! when this fails. Without it the memory has to outlive all shares by other means.
   subroutine strided_array_adopt(view, array, release, context, stat, errmsg)
      type(strided_view), intent(in) :: view
      type(strided_array), intent(inout), target :: array
      procedure(strided_release_callback), optional :: release
      type(c_ptr), intent(in), optional :: context
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(c_ptr) :: handle, passed
      type(c_funptr) :: callback
      integer(c_int32_t) :: status
      handle = c_null_ptr
      passed = c_null_ptr
      callback = c_null_funptr
      if (present(context)) passed = context
      if (present(release)) callback = c_funloc(release)
      status = c_array_adopt(view, callback, passed, handle)
      call finish_array(status, handle, array, stat, errmsg)
   end subroutine strided_array_adopt

   !> An array with the view `view` into the memory of `base`: a further share. The view must lie inside that memory.
   subroutine strided_array_from_view(base, view, array, stat, errmsg)
      type(strided_array), intent(in), target :: base
      type(strided_view), intent(in) :: view
      type(strided_array), intent(inout), target :: array
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(c_ptr) :: handle
      integer(c_int32_t) :: status
      handle = c_null_ptr
      status = c_array_from_view(base%handle, view, handle)
      call finish_array(status, handle, array, stat, errmsg)
   end subroutine strided_array_from_view

   !> A copy of a view in new memory, dense in `order` (column-major unless given).
   subroutine strided_array_copy(view, array, order, stat, errmsg)
      type(strided_view), intent(in) :: view
      type(strided_array), intent(inout), target :: array
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(c_ptr) :: handle
      integer(c_int32_t) :: status
      handle = c_null_ptr
      status = c_array_copy(view, order_of(order), handle)
      call finish_array(status, handle, array, stat, errmsg)
   end subroutine strided_array_copy

   !> The same with conversion to `dtype` under a casting rule (STRIDED_CAST_SAME_KIND unless given).
   subroutine strided_array_cast(view, dtype, array, casting, order, stat, errmsg)
      type(strided_view), intent(in) :: view
      integer(c_int32_t), intent(in) :: dtype
      type(strided_array), intent(inout), target :: array
      integer(c_int32_t), intent(in), optional :: casting, order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(c_ptr) :: handle
      integer(c_int32_t) :: status, rule
      handle = c_null_ptr
      rule = STRIDED_CAST_SAME_KIND
      if (present(casting)) rule = casting
      status = c_array_cast(view, dtype, rule, order_of(order), handle)
      call finish_array(status, handle, array, stat, errmsg)
   end subroutine strided_array_cast

   !> An array that is dense in `order` (column-major unless given): a further share when it already is, a copy when not.
   subroutine strided_array_contiguous(array, out, order, stat, errmsg)
      type(strided_array), intent(in), target :: array
      type(strided_array), intent(inout), target :: out
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(c_ptr) :: handle
      integer(c_int32_t) :: status
      handle = c_null_ptr
      status = c_array_contiguous(array%handle, order_of(order), handle)
      call finish_array(status, handle, out, stat, errmsg)
   end subroutine strided_array_contiguous

   ! ---- work --------------------------------------------------------------------------------------------------------

   !> Copies the elements of `src` to those of `dst`, repeating and converting (same_kind) where needed. Overlap is fine.
   subroutine strided_copy(src, dst, stat, errmsg)
      type(strided_view), intent(in), target :: src, dst
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_copy(src, dst), stat, errmsg)
   end subroutine strided_copy

   !> The same under another casting rule. Floats to integers saturate, NaN becomes 0.
   subroutine strided_copy_cast(src, dst, casting, stat, errmsg)
      type(strided_view), intent(in), target :: src, dst
      integer(c_int32_t), intent(in) :: casting
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_copy_cast(src, dst, casting), stat, errmsg)
   end subroutine strided_copy_cast

   !> An operation (STRIDED_OP_SQRT ...) on one view, elements repeated as NumPy broadcasts, into another one, which may
   !! share memory with it: the result is as if all had been read first.
   subroutine strided_unary(op, v, out, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: v, out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_unary(op, v, out), stat, errmsg)
   end subroutine strided_unary

   !> The element type that `strided_unary` gives for elements of type `v`: an output of it needs no conversion.
   subroutine strided_unary_result_type(op, v, dtype, stat, errmsg)
      integer(c_int32_t), intent(in) :: op, v
      integer(c_int32_t), intent(inout) :: dtype
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_unary_result_type(op, v, dtype), stat, errmsg)
   end subroutine strided_unary_result_type

   !> The element type that `strided_binary` gives for elements of types `a` and `b`.
   subroutine strided_binary_result_type(op, a, b, dtype, stat, errmsg)
      integer(c_int32_t), intent(in) :: op, a, b
      integer(c_int32_t), intent(inout) :: dtype
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_binary_result_type(op, a, b, dtype), stat, errmsg)
   end subroutine strided_binary_result_type

   !> The element type that `strided_reduce` gives for elements of type `v`.
   subroutine strided_reduce_result_type(op, v, dtype, stat, errmsg)
      integer(c_int32_t), intent(in) :: op, v
      integer(c_int32_t), intent(inout) :: dtype
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_reduce_result_type(op, v, dtype), stat, errmsg)
   end subroutine strided_reduce_result_type

   !> The element type that `strided_accumulate` gives for elements of type `v`.
   subroutine strided_accumulate_result_type(op, v, dtype, stat, errmsg)
      integer(c_int32_t), intent(in) :: op, v
      integer(c_int32_t), intent(inout) :: dtype
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_accumulate_result_type(op, v, dtype), stat, errmsg)
   end subroutine strided_accumulate_result_type

   !> A running operation (STRIDED_OP_CUMULATIVE_SUM ...) along one dimension: each element is that of `out` before it and that
   !! of `v`. `out` has the shape of `v` and may be `v`.
   subroutine strided_accumulate(op, v, out, dim, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: v, out
      integer(c_int), intent(in) :: dim
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      call to_axes([dim], v%ndim, axes, status, note)
      if (status == STRIDED_OK) status = c_accumulate(op, v, axes(1), out)
      call finish(status, stat, errmsg, note)
   end subroutine strided_accumulate

   !> An operation (STRIDED_OP_ADD ...) on two views, elements repeated as NumPy broadcasts, into a third one, which may
   !! share memory with them: the result is as if all had been read first.
   subroutine strided_binary(op, a, b, out, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: a, b
      type(strided_view), intent(in), target :: out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_binary(op, a, b, out), stat, errmsg)
   end subroutine strided_binary

   subroutine reduce_with_one(op, in, out, dim, keepdims, mask, initial, ddof, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: in, out
      integer(c_int), intent(in), optional :: dim
      logical, intent(in), optional :: keepdims
      type(strided_view), intent(in), target, optional :: mask, initial
      real(c_double), intent(in), optional :: ddof
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      if (present(dim)) then
         call reduce_with_many(op, in, out, [dim], keepdims, mask, initial, ddof, stat, errmsg)
         return
      end if
      call reduce_with_axes(op, in, out, 0_c_int32_t, c_null_ptr, keepdims, mask, initial, ddof, stat, errmsg)
   end subroutine reduce_with_one

   subroutine reduce_with_many(op, in, out, dim, keepdims, mask, initial, ddof, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: in, out
      integer(c_int), intent(in) :: dim(:)
      logical, intent(in), optional :: keepdims
      type(strided_view), intent(in), target, optional :: mask, initial
      real(c_double), intent(in), optional :: ddof
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable, target :: axes(:)
      integer(c_int32_t) :: status
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      call to_axes(dim, in%ndim, axes, status, note)
      if (status /= STRIDED_OK) then
         call finish(status, stat, errmsg, note)
         return
      end if
      call reduce_with_axes(op, in, out, size(axes, kind=c_int32_t), address(axes), keepdims, mask, initial, ddof, stat, errmsg)
   end subroutine reduce_with_many

   !> Axes as C takes them; the initial value must have one element.
   subroutine reduce_with_axes(op, in, out, naxes, axes, keepdims, mask, initial, ddof, stat, errmsg)
      integer(c_int32_t), intent(in) :: op, naxes
      type(strided_view), intent(in), target :: in, out
      type(c_ptr), intent(in) :: axes
      logical, intent(in), optional :: keepdims
      type(strided_view), intent(in), target, optional :: mask, initial
      real(c_double), intent(in), optional :: ddof
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(c_reduce_options) :: options
      integer(c_int32_t) :: keep
      keep = 0
      if (present(keepdims)) keep = merge(1, 0, keepdims)
      if (present(mask)) options%where = c_loc(mask)
      if (present(ddof)) options%ddof = ddof
      if (present(initial)) then
         if (strided_view_size(initial) /= 1) then
            call finish(STRIDED_E_SHAPE, stat, errmsg, 'the initial value must be one element')
            return
         end if
         options%initial = initial%data
         options%initial_dtype = initial%dtype
      end if
      call finish(c_reduce_with(op, in, naxes, axes, keep, options, out), stat, errmsg)
   end subroutine reduce_with_axes

   subroutine dot_one(a, b, out, dim, keepdims, stat, errmsg)
      type(strided_view), intent(in), target :: a, b, out
      integer(c_int), intent(in), optional :: dim
      logical, intent(in), optional :: keepdims
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call dot_axes(.false., a, b, out, dim, keepdims, stat, errmsg)
   end subroutine dot_one

   subroutine vdot_one(a, b, out, dim, keepdims, stat, errmsg)
      type(strided_view), intent(in), target :: a, b, out
      integer(c_int), intent(in), optional :: dim
      logical, intent(in), optional :: keepdims
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call dot_axes(.true., a, b, out, dim, keepdims, stat, errmsg)
   end subroutine vdot_one

   subroutine dot_many(a, b, out, dim, keepdims, stat, errmsg)
      type(strided_view), intent(in), target :: a, b, out
      integer(c_int), intent(in) :: dim(:)
      logical, intent(in), optional :: keepdims
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call dot_dims(.false., a, b, out, dim, keepdims, stat, errmsg)
   end subroutine dot_many

   subroutine vdot_many(a, b, out, dim, keepdims, stat, errmsg)
      type(strided_view), intent(in), target :: a, b, out
      integer(c_int), intent(in) :: dim(:)
      logical, intent(in), optional :: keepdims
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call dot_dims(.true., a, b, out, dim, keepdims, stat, errmsg)
   end subroutine vdot_many

   !> One dimension, or all.
   subroutine dot_axes(conjugate, a, b, out, dim, keepdims, stat, errmsg)
      logical, intent(in) :: conjugate
      type(strided_view), intent(in), target :: a, b, out
      integer(c_int), intent(in), optional :: dim
      logical, intent(in), optional :: keepdims
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t) :: keep
      if (present(dim)) then
         call dot_dims(conjugate, a, b, out, [dim], keepdims, stat, errmsg)
         return
      end if
      keep = 0
      if (present(keepdims)) keep = merge(1, 0, keepdims)
      if (conjugate) then
         call finish(c_vdot(a, b, 0_c_int32_t, c_null_ptr, keep, out), stat, errmsg)
      else
         call finish(c_dot(a, b, 0_c_int32_t, c_null_ptr, keep, out), stat, errmsg)
      end if
   end subroutine dot_axes

   !> Some dimensions, which count in the common shape.
   subroutine dot_dims(conjugate, a, b, out, dim, keepdims, stat, errmsg)
      logical, intent(in) :: conjugate
      type(strided_view), intent(in), target :: a, b, out
      integer(c_int), intent(in) :: dim(:)
      logical, intent(in), optional :: keepdims
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable, target :: axes(:)
      integer(c_int32_t) :: status, keep
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      keep = 0
      if (present(keepdims)) keep = merge(1, 0, keepdims)
      call to_axes(dim, max(a%ndim, b%ndim), axes, status, note)
      if (status == STRIDED_OK .and. conjugate) then
         status = c_vdot(a, b, size(axes, kind=c_int32_t), address(axes), keep, out)
      else if (status == STRIDED_OK) then
         status = c_dot(a, b, size(axes, kind=c_int32_t), address(axes), keep, out)
      end if
      call finish(status, stat, errmsg, note)
   end subroutine dot_dims

   !> out = a where `mask` is not 0 (or true), else b, element by element, all three repeated as NumPy broadcasts.
   subroutine strided_where(mask, a, b, out, stat, errmsg)
      type(strided_view), intent(in), target :: mask, a, b, out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_where(mask, a, b, out), stat, errmsg)
   end subroutine strided_where

   !> The elements of `v` at which `mask`, a view of logicals that is repeated as NumPy broadcasts, is true, one after another at
   !! the beginning of `out`, as `pack` gives them: in array element order, or in C order with `order=STRIDED_ORDER_C`. `out` has
   !! rank 1 and the type of `v`; what lies behind the elements stays. `count` is how many there are, also without `out`.
   subroutine strided_compress(v, mask, out, count, order, stat, errmsg)
      type(strided_view), intent(in), target :: v, mask
      type(strided_view), intent(in), target, optional :: out
      integer(c_int64_t), intent(out), optional :: count
      integer(c_int32_t), intent(in), optional :: order
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int64_t) :: found
      found = 0
      call finish(c_compress(v, mask, order_of(order), out, found), stat, errmsg)
      if (present(count)) count = found
   end subroutine strided_compress

   !> out = min(max(v, low), high), element by element; an absent bound does not bound.
   subroutine strided_clip(v, out, low, high, stat, errmsg)
      type(strided_view), intent(in), target :: v, out
      type(strided_view), intent(in), target, optional :: low, high
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_clip(v, low, high, out), stat, errmsg)
   end subroutine strided_clip

   !> out = a*b + c with one rounding, element by element.
   subroutine strided_fma(a, b, c, out, stat, errmsg)
      type(strided_view), intent(in), target :: a, b, c, out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_fma(a, b, c, out), stat, errmsg)
   end subroutine strided_fma

   !> `strided_unary` where `mask`, a view of logicals, is true; the other elements of `out` stay.
   subroutine strided_unary_where(op, v, mask, out, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: v, mask, out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_unary_where(op, v, mask, out), stat, errmsg)
   end subroutine strided_unary_where

   !> `strided_binary` where `mask`, a view of logicals, is true; the other elements of `out` stay.
   subroutine strided_binary_where(op, a, b, mask, out, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: a, b, mask, out
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_binary_where(op, a, b, mask, out), stat, errmsg)
   end subroutine strided_binary_where

   subroutine reduce_one(op, in, out, dim, keepdims, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: in, out
      integer(c_int), intent(in), optional :: dim
      logical, intent(in), optional :: keepdims
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t) :: keep
      if (present(dim)) then
         call reduce_many(op, in, out, [dim], keepdims, stat, errmsg)
         return
      end if
      keep = 0
      if (present(keepdims)) keep = merge(1, 0, keepdims)
      call finish(c_reduce(op, in, 0_c_int32_t, c_null_ptr, keep, out), stat, errmsg)
   end subroutine reduce_one

   subroutine reduce_many(op, in, out, dim, keepdims, stat, errmsg)
      integer(c_int32_t), intent(in) :: op
      type(strided_view), intent(in), target :: in, out
      integer(c_int), intent(in) :: dim(:)
      logical, intent(in), optional :: keepdims
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      integer(c_int32_t), allocatable, target :: axes(:)
      integer(c_int32_t) :: status, keep
      character(len=160) :: note
      status = STRIDED_OK
      note = ''
      keep = 0
      if (present(keepdims)) keep = merge(1, 0, keepdims)
      call to_axes(dim, in%ndim, axes, status, note)
      if (status == STRIDED_OK) status = c_reduce(op, in, size(axes, kind=c_int32_t), address(axes), keep, out)
      call finish(status, stat, errmsg, note)
   end subroutine reduce_many

   !> Calls `inner` for runs of elements of all views together, repeated to one shape and in the order that memory likes.
   !! `context` is passed through. `inner` must not stop the program by other means than `error stop`.
   subroutine strided_foreach(views, inner, context, stat, errmsg)
      type(strided_view), intent(in), target :: views(:)
      procedure(strided_inner) :: inner
      type(c_ptr), intent(in), optional :: context
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      type(c_ptr), target :: pointers(max(size(views), 1))
      type(c_ptr) :: passed
      integer :: k
      do k = 1, size(views)
         pointers(k) = c_loc(views(k))
      end do
      passed = c_null_ptr
      if (present(context)) passed = context
      call finish(c_foreach(size(views, kind=c_int32_t), c_loc(pointers), 0_c_int64_t, c_funloc(inner), passed), &
         stat, errmsg)
   end subroutine strided_foreach

   !> Writes a `.npy` file.
   subroutine strided_npy_save(path, view, stat, errmsg)
      character(len=*), intent(in) :: path
      type(strided_view), intent(in) :: view
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      character(kind=c_char, len=:), allocatable, target :: name
      name = zero_ended(path)
      call finish(c_npy_save(c_loc(name), view), stat, errmsg)
   end subroutine strided_npy_save

   !> Reads a `.npy` file, in the order in which it is stored.
   subroutine strided_npy_load(path, array, stat, errmsg)
      character(len=*), intent(in) :: path
      type(strided_array), intent(inout), target :: array
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      character(kind=c_char, len=:), allocatable, target :: name
      type(c_ptr) :: handle
      integer(c_int32_t) :: status
      handle = c_null_ptr
      name = zero_ended(path)
      status = c_npy_load(c_loc(name), handle)
      call finish_array(status, handle, array, stat, errmsg)
   end subroutine strided_npy_load

   !> How many threads one operation may use; 1 until this (or STRIDED_NUM_THREADS) says otherwise.
   subroutine strided_set_num_threads(n, stat, errmsg)
      integer(c_int), intent(in) :: n
      integer(c_int), intent(out), optional :: stat
      character(len=*), intent(inout), optional :: errmsg
      call finish(c_set_num_threads(n), stat, errmsg)
   end subroutine strided_set_num_threads

end module strided_core

include 'strided_operations.inc'

!> The module to use. Its page is the top of this file.
module strided
   use strided_core
   use strided_operations
   implicit none
   public
end module strided
