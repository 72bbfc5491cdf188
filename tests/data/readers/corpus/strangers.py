"""What is no table."""

from __future__ import annotations

import gzip
from typing import Final

from tests.data.readers.corpus.cases import right, wrong
from tests.data.readers.making import zip_of

STRANGE: Final = (
    wrong(
        "git-lfs",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        "pointer that Git LFS",
    ),
    wrong("web page", "<!DOCTYPE html>\n<html><body>a,b</body></html>", "is a web page (HTML)"),
    wrong("web page with a comment", "<!-- saved -->\n<HTML><body>", "is a web page (HTML)"),
    wrong(
        "web page as a workbook",
        "<html><table><tr><td>1</td></tr></table>",
        "calls itself a workbook",
        "t.xls",
    ),
    wrong("XHTML", '<?xml version="1.0"?><html xmlns="x">', "is a web page (HTML)"),
    wrong("XML", '<?xml version="1.0"?><rows/>', "is XML, not a table", "t.xml"),
    wrong("pickle", b"\x80\x04\x95\x05\0\0\0\0\0\0\0K\x01.", "is a pickle of Python", "t.pkl"),
    wrong("pickle by another name", b"\x80\x05K\x01.", "is a pickle of Python"),
    wrong(
        "zip of one",
        zip_of({"data.csv": "a,b\n1,2\n"}),
        "a zip archive that holds 'data.csv'; unpack",
        "t.zip",
    ),
    wrong("zip of two", zip_of({"a.csv": "1", "b.csv": "2"}), "is a zip archive of 2 files", "t.zip"),
    wrong("project", zip_of({"project.json": "{}"}), "is a project of bpviz", "t.bpviz"),
    wrong("Word", zip_of({"word/document.xml": "<x/>"}), "is a text document", "t.docx"),
    wrong("PyTorch", zip_of({"m/data.pkl": b"\x80"}), "is weights of PyTorch", "t.pt"),
    wrong("PNG", b"\x89PNG\r\n\x1a\n\0\0", "is a picture (PNG)", "t.png"),
    wrong("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF", "is a picture (JPEG)", "t.jpg"),
    wrong("GIF", b"GIF89a\x01\0\x01\0", "is a picture (GIF)", "t.csv"),
    wrong("WebP", b"RIFF\x08\0\0\0WEBPVP8 ", "is a picture (WebP)", "t.webp"),
    wrong("BMP", b"BM\x46\0\0\0\0\0\0\0", "is a picture (BMP)", "t.bmp"),
    right("a text like a BMP", "BM,b\n1,2\n", (("BM", "b"), [("1", "2")])),
    wrong("PDF", b"%PDF-1.7\n", "is a PDF document", "t.pdf"),
    wrong("SQLite", b"SQLite format 3\0" + bytes(50), "is a database (SQLite)", "t.db"),
    wrong("HDF5", b"\x89HDF\r\n\x1a\n\0", "is an HDF5 file", "t.h5"),
    wrong("MATLAB", b"MATLAB 5.0 MAT-file, made", "is a MATLAB file", "t.mat"),
    wrong("R, packed", gzip.compress(b"RDX3\nX\n\0\0\0\3"), "is an R workspace", "t.RData"),
    wrong("SPSS", b"$FL2@(#) SPSS\0", "is an SPSS file", "t.sav"),
    wrong("Stata", b"<stata_dta><header>", "is a Stata file", "t.dta"),
    wrong("bzip2", b"BZh91AY&SY", "is packed by bzip2; unpack it", "t.csv.bz2"),
    wrong("xz", b"\xfd7zXZ\0\0\4", "is packed by xz", "t.csv.xz"),
    wrong("7-Zip", b"7z\xbc\xaf\x27\x1c\0\4", "is packed by 7-Zip", "t.7z"),
    wrong("tar", bytes(257) + b"ustar\0" + bytes(250), "is packed by tar", "t.tar"),
    wrong("program", b"\x7fELF\2\1\1\0", "is a program", "t"),
    wrong("noise", bytes(range(256)) * 4, "holds no text", "t.bin"),
)
