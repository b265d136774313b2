!> What goes to the library without a copy: each kind of actual argument, by comparing addresses, extents and strides,
!! and by writing through the view and looking at the array.
include 'checks.inc'

program zero_copy
   use, intrinsic :: iso_c_binding
   use strided
   use checks
   implicit none

   type :: inner_t
      complex(real64) :: z
      integer(int32) :: tag
   end type inner_t
   type :: point_t
      real(real64) :: x, y
      character(len=3) :: name
      type(inner_t) :: in
   end type point_t

   real(real64), target :: a(6, 5), cube(4, 3, 5)
   integer :: k
   a = reshape([(real(k, real64), k=1, 30)], [6, 5])
   cube = reshape([(real(k, real64), k=1, 60)], [4, 3, 5])

   call whole_arrays_and_sections()
   call the_same_without_target()
   call allocatables_and_pointers()
   call components()
   call characters()
   call through_dummies(a, cube)
   call zero_sizes()
   call writes_arrive()
   call damage_by_gfortran()
   call tally()

contains

   subroutine whole_arrays_and_sections()
      type(strided_view) :: v
      integer :: i
      call strided_from(a, v)
      call check_view(v, c_loc(a), [6, 5], [8, 48], 'whole array')
      call check(v%dtype == STRIDED_F64 .and. v%itemsize == 8 .and. v%flags == 0, 'dtype, item size and flags')
      call check(iand(strided_view_query(v), STRIDED_IS_F_CONTIGUOUS) /= 0, 'a whole array is F-contiguous')
      call strided_from(a(1:6:2, :), v)
      call check_view(v, c_loc(a(1, 1)), [3, 5], [16, 48], 'a(1:6:2, :)')
      call strided_from(a(6:1:-1, :), v)
      call check_view(v, c_loc(a(6, 1)), [6, 5], [-8, 48], 'a(6:1:-1, :)')
      call strided_from(a(:, 5:1:-2), v)
      call check_view(v, c_loc(a(1, 5)), [6, 3], [8, -96], 'a(:, 5:1:-2)')
      call strided_from(a(6:2:-2, 4:1:-3), v)
      call check_view(v, c_loc(a(6, 4)), [3, 2], [-16, -144], 'a(6:2:-2, 4:1:-3)')
      call strided_from(a(3, :), v)
      call check_view(v, c_loc(a(3, 1)), [5], [48], 'a row')
      call strided_from(a(:, 2), v)
      call check_view(v, c_loc(a(1, 2)), [6], [8], 'a column')
      call strided_from(a(2:4, 3:5), v)
      call check_view(v, c_loc(a(2, 3)), [3, 3], [8, 48], 'a block')
      call strided_from(cube(:, 2, :), v)
      call check_view(v, c_loc(cube(1, 2, 1)), [4, 5], [8, 96], 'cube(:, 2, :)')
      call strided_from(cube(2, :, 5:1:-1), v)
      call check_view(v, c_loc(cube(2, 1, 5)), [3, 5], [32, -96], 'cube(2, :, 5:1:-1)')
      call strided_from(a(4, 3), v)
      call check(v%ndim == 0 .and. same(v%data, c_loc(a(4, 3))), 'an element is a view without dimensions')
      i = 2
      call strided_from(a(i:i + 2, i), v)
      call check_view(v, c_loc(a(2, 2)), [3], [8], 'bounds known at run time')
   end subroutine whole_arrays_and_sections

   subroutine the_same_without_target()
      ! c_loc needs TARGET, so the memory is compared with what strided_from has seen.
      type(strided_view) :: v, w
      call strided_from(a, w)
      call strided_from_any(a, STRIDED_F64, v)
      call check_view(v, w%data, [6, 5], [8, 48], 'type(*): whole array')
      call check(v%dtype == STRIDED_F64, 'type(*): the dtype named')
      call strided_from_any(a(1:6:2, :), STRIDED_F64, v)
      call check_view(v, c_loc(a(1, 1)), [3, 5], [16, 48], 'type(*): a(1:6:2, :)')
      call strided_from_any(a(6:1:-1, :), STRIDED_F64, v)
      call check_view(v, c_loc(a(6, 1)), [6, 5], [-8, 48], 'type(*): a(6:1:-1, :)')
      call strided_from_any(a(:, 5:1:-2), STRIDED_F64, v)
      call check_view(v, c_loc(a(1, 5)), [6, 3], [8, -96], 'type(*): a(:, 5:1:-2)')
      call strided_from_any(a(3, :), STRIDED_F64, v)
      call check_view(v, c_loc(a(3, 1)), [5], [48], 'type(*): a row')
      call strided_from_any(a(2:4, 3:5), STRIDED_F64, v)
      call check_view(v, c_loc(a(2, 3)), [3, 3], [8, 48], 'type(*): a block')
      call strided_from_any(cube(:, 2, :), STRIDED_F64, v)
      call check_view(v, c_loc(cube(1, 2, 1)), [4, 5], [8, 96], 'type(*): cube(:, 2, :)')
      call strided_from_any(a, STRIDED_U64, v)
      call check(v%dtype == STRIDED_U64, 'type(*): any dtype of the same size')
      call strided_from_opaque(a, v)
      call check(v%dtype == STRIDED_OPAQUE .and. v%itemsize == 8, 'opaque items of the element length')
   end subroutine the_same_without_target

   subroutine allocatables_and_pointers()
      real(real64), allocatable, target :: al(:, :)
      real(real64), pointer :: p(:, :), q(:)
      type(strided_view) :: v
      allocate (al(-3:2, 0:4))
      al = 1
      call strided_from(al, v)
      call check_view(v, c_loc(al(-3, 0)), [6, 5], [8, 48], 'allocatable with bounds of its own')
      call strided_from(al(-1:2:3, :), v)
      call check_view(v, c_loc(al(-1, 0)), [2, 5], [24, 48], 'section of it')
      call strided_from_any(al, STRIDED_F64, v)
      call check_view(v, c_loc(al(-3, 0)), [6, 5], [8, 48], 'type(*): allocatable')
      p(10:, -5:) => a
      call strided_from(p, v)
      call check_view(v, c_loc(a(1, 1)), [6, 5], [8, 48], 'pointer with lower bounds of its own')
      p => a(6:1:-2, 2:5:2)
      call strided_from(p, v)
      call check_view(v, c_loc(a(6, 2)), [3, 2], [-16, 96], 'pointer to a strided section')
      call strided_from(p(2:3, :), v)
      call check_view(v, c_loc(a(4, 2)), [2, 2], [-16, 96], 'section of such a pointer')
      q => a(3, :)
      call strided_from_any(q, STRIDED_F64, v)
      call check_view(v, c_loc(a(3, 1)), [5], [48], 'type(*): pointer to a row')
   end subroutine allocatables_and_pointers

   subroutine components()
      type(point_t), target :: s(4), grid(4, 3)
      type(point_t), allocatable, target :: al(:)
      complex(real64), target :: z(4, 3)
      complex(real64), allocatable, target :: za(:, :)
      real(real64), pointer :: p(:), q(:, :)
      type(strided_view) :: v
      integer :: item
      item = int(address_of(c_loc(s(2))) - address_of(c_loc(s(1))))
      call strided_from(s%y, v)
      call check_view(v, c_loc(s(1)%y), [4], [item], 's%y')
      call strided_from(s(4:1:-2)%x, v)
      call check_view(v, c_loc(s(4)%x), [2], [-2*item], 's(4:1:-2)%x')
      call strided_from(grid(2:4:2, :)%y, v)
      call check_view(v, c_loc(grid(2, 1)%y), [2, 3], [2*item, 4*item], 'grid(2:4:2, :)%y')
      call strided_from(s%in%tag, v)
      call check_view(v, c_loc(s(1)%in%tag), [4], [item], 's%in%tag, two levels down')
      call strided_from(z%re, v)
      call check_view(v, c_loc(z(1, 1)), [4, 3], [16, 64], 'z%re')
      call strided_from(z%im, v)
      call check(v%dtype == STRIDED_F64 .and. address_of(v%data) == address_of(c_loc(z)) + 8 .and. &
         all(v%strides(:2) == [16, 64]), 'z%im')
      call strided_from(z(4:1:-2, :)%im, v)
      call check(address_of(v%data) == address_of(c_loc(z(4, 1))) + 8 .and. all(v%strides(:2) == [-32, 64]), &
         'z(4:1:-2, :)%im')
      call strided_from(s%in%z%im, v)
      call check(address_of(v%data) == address_of(c_loc(s(1)%in%z)) + 8 .and. v%strides(1) == item, 's%in%z%im')
      call strided_from(s%name, v)
      call check(v%dtype == STRIDED_OPAQUE .and. v%itemsize == 3 .and. v%strides(1) == item, 's%name')
      call strided_from_opaque(s, v)
      call check_view(v, c_loc(s), [4], [item], 'derived types are opaque items')
      call check(v%dtype == STRIDED_OPAQUE .and. v%itemsize == item, 'of their size')
      call strided_from_opaque(grid(4:1:-1, 2), v)
      call check_view(v, c_loc(grid(4, 2)), [4], [-item], 'a section of derived types')

      ! Whole allocatable and pointer arrays: in the forms that gfortran 12 leaves undamaged.
      allocate (al(4), za(4, 3))
      call strided_from(al(:)%y, v)
      call check_view(v, c_loc(al(1)%y), [4], [item], 'al(:)%y')
      p => al%y
      call strided_from(p, v)
      call check_view(v, c_loc(al(1)%y), [4], [item], 'pointer to al%y')
      call strided_from(za(:, :)%re, v)
      call check_view(v, c_loc(za(1, 1)), [4, 3], [16, 64], 'za(:, :)%re')
      q => za(4:1:-1, :)%re
      call strided_from(q, v)
      call check_view(v, c_loc(za(4, 1)), [4, 3], [-16, 64], 'pointer to za(4:1:-1, :)%re')
   end subroutine components

   subroutine characters()
      character(len=5), target :: words(3, 2), word
      type(strided_view) :: v
      words = 'abcde'
      word = 'fghij'
      call strided_from(words, v)
      call check_view(v, c_loc(words), [3, 2], [5, 15], 'characters')
      call check(v%dtype == STRIDED_OPAQUE .and. v%itemsize == 5, 'are opaque items of their length')
      call strided_from(words(3:1:-2, :), v)
      call check(address_of(v%data) == address_of(c_loc(words)) + 10 .and. all(v%strides(:2) == [-10, 15]), &
         'a section of characters')
      call strided_from(words(:, 1) (2:3), v)
      call check(v%itemsize == 2 .and. v%strides(1) == 5 .and. address_of(v%data) == address_of(c_loc(words)) + 1, &
         'substrings: strides that are no multiple of the item size')
      call strided_from(word, v)
      call check(v%ndim == 0 .and. v%itemsize == 5 .and. same(v%data, c_loc(word)), 'a scalar character')
   end subroutine characters

   !> Which dummy arguments on the way here keep the memory.
   subroutine through_dummies(b, c)
      real(real64), intent(in), target :: b(:, :)
      real(real64), intent(in), target, contiguous :: c(:, :, :)
      type(strided_view) :: v
      call strided_from(b, v)
      call check_view(v, c_loc(a), [6, 5], [8, 48], 'through an assumed-shape dummy')
      call strided_from(c, v)
      call check(same(v%data, c_loc(cube)), 'a contiguous array through a CONTIGUOUS dummy')
      call section_through(a(1:6:2, 5:1:-1))
      call contiguous_through(a(1:6:2, :))
      call explicit_through(a(1:6:2, 1))
      call assumed_size_through(a)
   end subroutine through_dummies

   subroutine section_through(b)
      real(real64), intent(in), target :: b(:, :)
      type(strided_view) :: v
      call strided_from(b, v)
      call check_view(v, c_loc(a(1, 5)), [3, 5], [16, -48], 'a section through an assumed-shape dummy')
      call strided_from(b(3:1:-1, 2), v)
      call check_view(v, c_loc(a(5, 4)), [3], [-16], 'and a section of it')
   end subroutine section_through

   ! What the manual warns of: the copy is made by the compiler, before the library can see the array.
   subroutine contiguous_through(b)
      real(real64), intent(in), target, contiguous :: b(:, :)
      type(strided_view) :: v
      call strided_from(b, v)
      call check(v%strides(1) == 8 .and. .not. same(v%data, c_loc(a)), 'a section through CONTIGUOUS is a copy')
   end subroutine contiguous_through

   subroutine explicit_through(b)
      real(real64), intent(in), target :: b(3)
      type(strided_view) :: v
      call strided_from(b, v)
      call check(v%strides(1) == 8 .and. .not. same(v%data, c_loc(a)), 'a section through explicit shape is a copy')
   end subroutine explicit_through

   subroutine assumed_size_through(b)
      real(real64), intent(in), target :: b(6, *)
      type(strided_view) :: v
      integer(c_int) :: stat
      character(len=200) :: message
      v%ndim = 77
      call strided_from_any(b, STRIDED_F64, v, stat, message)
      call check_status(stat, STRIDED_E_VALUE, message, 'assumed-size', 'assumed size is refused')
      call check(v%ndim == 77, 'and the view left alone')
      call strided_from_opaque(b, v, stat, message)
      call check(stat == STRIDED_E_VALUE, 'also as opaque')
      call strided_from(b(:, 2:4), v)
      call check_view(v, c_loc(a(1, 2)), [6, 3], [8, 48], 'a section of assumed size')
   end subroutine assumed_size_through

   subroutine zero_sizes()
      real(real64), target :: none(0), flat(3, 0, 2)
      real(real64), allocatable, target :: al(:)
      type(strided_view) :: v
      call strided_from(a(3:2, :), v)
      call check(v%ndim == 2 .and. all(v%shape(:2) == [0, 5]) .and. strided_view_size(v) == 0, 'a(3:2, :)')
      call strided_from(a(:, 5:1), v)
      call check(all(v%shape(:2) == [6, 0]), 'a(:, 5:1)')
      call strided_from(none, v)
      call check(v%ndim == 1 .and. v%shape(1) == 0, 'an array of size 0')
      call strided_from(flat, v)
      call check(all(v%shape(:3) == [3, 0, 2]), 'size 0 in the middle')
      call strided_from_any(a(3:2, :), STRIDED_F64, v)
      call check(all(v%shape(:2) == [0, 5]), 'type(*): a(3:2, :)')
      allocate (al(0))
      call strided_from(al, v)
      call check(v%shape(1) == 0, 'an allocatable of size 0')
   end subroutine zero_sizes

   subroutine writes_arrive()
      real(real64), target :: b(4, 3)
      type(point_t), target :: s(3)
      type(strided_view) :: v
      b = 0
      call strided_from(b(4:1:-2, 2), v)
      call strided_fill(v, 7.0_real64)
      call check(all(b(2:4:2, 2) == 7) .and. sum(b) == 14, 'a fill through a view of a section changes these elements only')
      s%x = 1
      s%y = 2
      call strided_from(s(:)%y, v)
      call strided_fill(v, 5.0_real64)
      call check(all(s%y == 5) .and. all(s%x == 1), 'a fill of a component leaves its neighbours alone')
   end subroutine writes_arrive

   !> The defect that the manual names, so that it is noticed when a compiler has lost it.
   subroutine damage_by_gfortran()
      ! Saved, so that nobody frees it: after the damage that would be to free another address.
      type(point_t), allocatable, target, save :: al(:)
      type(strided_view) :: v
      integer(c_intptr_t) :: before
      allocate (al(3))
      before = address_of(c_loc(al(1)))
      call strided_from(al%y, v)
      if (address_of(c_loc(al(1))) == before) then
         call check(same(v%data, c_loc(al(1)%y)), 'component of a whole allocatable array')
      else
         call skip('component of a whole allocatable array: this compiler moves the array itself')
      end if
   end subroutine damage_by_gfortran

end program zero_copy
