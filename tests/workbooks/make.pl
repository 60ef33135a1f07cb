# Writes writeexcel.xls (Debian's libspreadsheet-writeexcel-perl), column by column; see README.md.
use utf8;
use Spreadsheet::WriteExcel;

my $book = Spreadsheet::WriteExcel->new('writeexcel.xls');
$book->set_1904();
my $sheet   = $book->add_worksheet('数据');
my $day     = $book->add_format(num_format => 14);
my $time    = $book->add_format(num_format => 'yyyy-mm-dd hh:mm');
my $percent = $book->add_format(num_format => '0.0%');
my @columns = (
    ['工号', '0001', '0002'], ['总胆固醇', [5.7], [-5.71]],
    ['体检日期', [43894, $day], [43894.5, $time]],
    ['比例', [0.058, $percent], [0.07]], ['既往史', '否认', 'none']);
for my $x (0 .. $#columns) {
    for my $y (0 .. 2) {
        my $cell = $columns[$x][$y];
        if   (ref $cell) { $sheet->write_number($y, $x, @$cell) }
        else             { $sheet->write_string($y, $x, $cell) }
    }
}
$book->close();
