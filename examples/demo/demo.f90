! One buffer, three languages.
!
! Fortran owns a column-major field of heights, read from a file that NumPy wrote in row-major order. It hands a section
! of it (no copy) to C, which looks at it transposed and shifted, and to C++, which changes it in place. What they print
! shows where each view lies: "field + n" is n bytes into the one array allocated here.
!
! usage: demo ELEVATION.npy HEIGHTS.npy SHADE.npy PICTURE.png [compare]
program demo
   use strided
   use, intrinsic :: iso_c_binding, only: c_char, c_float, c_loc, c_null_char
   use, intrinsic :: iso_fortran_env, only: output_unit
   implicit none

   interface
      subroutine demo_show(what, view, buffer, nbytes) bind(C)
         import :: c_char, c_ptr, c_int64_t, strided_view
         character(kind=c_char), intent(in) :: what(*)
         type(strided_view), intent(in) :: view
         type(c_ptr), value :: buffer
         integer(c_int64_t), value :: nbytes
      end subroutine demo_show
      subroutine demo_relief(heights, shade, buffer, nbytes) bind(C)
         import :: c_ptr, c_int64_t, strided_view
         type(strided_view), intent(in) :: heights, shade
         type(c_ptr), value :: buffer
         integer(c_int64_t), value :: nbytes
      end subroutine demo_relief
      subroutine demo_trend(heights, buffer, nbytes) bind(C)
         import :: c_ptr, c_int64_t, strided_view
         type(strided_view), intent(in) :: heights
         type(c_ptr), value :: buffer
         integer(c_int64_t), value :: nbytes
      end subroutine demo_trend
      subroutine demo_picture(path, heights, shade) bind(C)
         import :: c_char, strided_view
         character(kind=c_char), intent(in) :: path(*)
         type(strided_view), intent(in) :: heights, shade
      end subroutine demo_picture
      subroutine demo_compare() bind(C)
      end subroutine demo_compare
   end interface

   integer, parameter :: border = 20
   real(c_float), allocatable, target :: field(:, :), shade(:, :)
   real(c_float), pointer :: inner(:, :)
   type(strided_array) :: file
   type(strided_view) :: elevation, whole, section, light, turned
   integer :: rows, columns

   if (command_argument_count() < 4) error stop 'usage: demo ELEVATION.npy HEIGHTS.npy SHADE.npy PICTURE.png [compare]'

   print '(a)', 'Fortran: a column-major field of heights, and a section of it'
   call strided_npy_load(argument(1), file)
   call strided_array_view(file, elevation)
   rows = int(elevation%shape(1))
   columns = int(elevation%shape(2))
   allocate (field(rows, columns))
   call strided_from(field, whole)
   call show('the file, as NumPy wrote it', elevation)
   call strided_copy(elevation, whole)                ! int16 to real32, row-major to column-major
   call strided_array_release(file)
   call show('field', whole)
   inner => field(border + 1:rows - border, border + 1:columns - border)
   call strided_from(inner, section)
   call show('section = field(21:, 21:)', section)

   allocate (shade(size(inner, 1), size(inner, 2)), source=0.0_c_float)
   call strided_from(shade, light)
   call demo_relief(section, light, c_loc(field), nbytes())
   call demo_trend(section, c_loc(field), nbytes())

   print '(/, a)', 'Fortran: its own array now, without a call'
   print '(2x, a, f8.1, a, f8.1)', 'minval(inner), maxval(inner)  ', minval(inner), ' ', maxval(inner)
   print '(2x, a, f8.1)', 'largest mean of a row or column', &
      max(maxval(abs(sum(inner, 1)))/size(inner, 1), maxval(abs(sum(inner, 2)))/size(inner, 2))
   call strided_view_rot90(section, 1, 1, 2, turned)
   call strided_to(turned, inner)                     ! a view comes back as a Fortran pointer
   call show('pointer to rot90(section)', turned)
   print '(2x, a, f8.1, a, f8.1)', 'inner(1, 1), field(21, 383)   ', inner(1, 1), ' ', field(border + 1, columns - border)
   flush (output_unit)

   call strided_npy_save(argument(2), section)
   call strided_npy_save(argument(3), light)
   call demo_picture(argument(4)//c_null_char, section, light)
   if (command_argument_count() > 4) call demo_compare()

contains

   subroutine show(what, view)
      character(len=*), intent(in) :: what
      type(strided_view), intent(in) :: view
      flush (output_unit)                             ! C has its own buffer in front of the same terminal
      call demo_show(what//c_null_char, view, c_loc(field), nbytes())
   end subroutine show

   ! Bytes of the field, which the other languages use to say where a view lies.
   function nbytes()
      integer(c_int64_t) :: nbytes
      nbytes = size(field, kind=c_int64_t)*int(storage_size(field)/8, c_int64_t)
   end function nbytes

   function argument(number) result(text)
      integer, intent(in) :: number
      character(len=:), allocatable :: text
      integer :: length
      call get_command_argument(number, length=length)
      allocate (character(len=length) :: text)
      call get_command_argument(number, value=text)
   end function argument

end program demo
