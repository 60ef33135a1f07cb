# The help of one command as a man page. Sections: usage, description, options, the rest word for word.
function roff(text)
{
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    sub(/^[.']/, "\\\\\\&&", text)
    return text
}
BEGIN {
    printf ".TH HRA\\-%s 1 \"\" \"hra %s\" \"hra\"\n.SH NAME\nhra\\-%s \\- %s\n", toupper(name), version, name, roff(summary)
}
NR == 1 {
    sub(/^Usage: /, "")
    printf ".SH SYNOPSIS\n.B %s\n.SH DESCRIPTION\n", roff($0)
    next
}
/^Options:$/ && !options { options = 1; print ".SH OPTIONS"; next }
!options { if (NF) print roff($0); else if (described++) print ".PP"; next }
options == 1 && /^ +-/ {
    # the option and its help are parted by two or more spaces
    line = $0
    sub(/^ +/, "", line)
    at = match(line, /  +/)
    left = at ? substr(line, 1, at - 1) : line
    help = at ? substr(line, at + RLENGTH) : ""
    printf ".TP\n.B %s\n%s\n", roff(left), roff(help)
    next
}
options == 1 && /^ +/ { sub(/^ +/, ""); print roff($0); next }
options == 1 && !NF { options = 2; print ".SH NOTES\n.nf"; next }
options == 2 { print roff($0) }
END {
    if (options == 2) print ".fi"
    print ".SH SEE ALSO\n.BR hra (1)"
}
