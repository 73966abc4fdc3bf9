"""Files into text."""

import json
import zipfile

import pytest

from swfactory.errors import InputError
from swfactory.rag.cutting import cut_file
from swfactory.rag.reading import decode, read_document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_chinese_is_read_in_its_usual_encodings(encoding) -> None:
    text = "部署失败时，运行回退脚本。\n日志保留九十天。\n"
    assert decode(text.encode(encoding)) == text


def test_western_text_is_read_too() -> None:
    text = "Les élèves ont fêté Noël à la forêt, où l'été s'achève; ça va très bien, garçon.\n" * 3
    assert decode(text.encode("cp1252")) == text


def test_line_ends_are_made_one_and_binary_is_refused() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\nb\nc\n"
    with pytest.raises(InputError, match="not a text file"):
        decode(b"\x00\x01")


def test_html_loses_what_stands_around_the_text(tmp_path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<html><head><title>t</title><script>evil()</script></head><body><nav>menu</nav><main><h1>Guide</h1>"
        "<h2>Install</h2><p>Type <code>make</code>.</p><pre>make run</pre></main><footer>legal</footer></body></html>"
    )
    chunks, _ = cut_file(page, "a.html")
    assert [chunk.symbol for chunk in chunks] == ["Guide > Install"]
    assert "`make`" in chunks[0].text
    assert not any(word in chunks[0].text for word in ("menu", "evil", "legal"))


def test_a_word_document_gives_its_headings(tmp_path) -> None:
    paragraph = '<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
    body = paragraph.format(style="Heading1", text="退款") + paragraph.format(style="Normal", text="七天之内可以退款。")
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            f"{body}</w:body></w:document>",
        )
    chunks, _ = cut_file(tmp_path / "a.docx", "a.docx")
    assert [(chunk.symbol, "七天之内可以退款。" in chunk.text) for chunk in chunks] == [("退款", True)]


def test_a_notebook_is_cut_into_cells_without_outputs(tmp_path) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Load\n", "Reads."]},
        {
            "cell_type": "code",
            "metadata": {},
            "source": "load()",
            "execution_count": 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "noise"}],
        },
        {"cell_type": "code", "metadata": {}, "source": "", "execution_count": None, "outputs": []},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook))
    chunks, _ = cut_file(tmp_path / "a.ipynb", "a.ipynb")
    assert [(chunk.citation, chunk.text) for chunk in chunks] == [
        ("a.ipynb cell 1", "# Load\nReads."),
        ("a.ipynb cell 2", "load()"),
    ]
    assert chunks[1].language == "python"


def pdf(*pages: str) -> bytes:
    """A PDF with one line of text a page; an empty one is a picture's."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    for number, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else ""
        resources = f"<< /Font << /F1 {font} >> >>"
        content = 4 + 2 * number
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {resources} /Contents {content} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    return f"{out}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def test_a_pdf_is_cited_by_page_and_pictures_are_named(tmp_path) -> None:
    (tmp_path / "manual.pdf").write_bytes(pdf("Refunds take seven days.", ""))
    chunks, notes = cut_file(tmp_path / "manual.pdf", "manual.pdf")
    assert [(chunk.citation, chunk.text.strip()) for chunk in chunks] == [
        ("manual.pdf p.1", "Refunds take seven days.")
    ]
    assert notes == ["no text on page 2: pictures need OCR"]


def test_a_ruled_table_of_a_pdf_keeps_its_rows_and_columns(tmp_path) -> None:
    rows = [("Zone", "Fee"), ("shore", "8.30"), ("ridge", "11.40")]
    lines = [f"{x} 600 m {x} 690 l S" for x in (72, 172, 272)] + [f"72 {y} m 272 {y} l S" for y in (600, 630, 660, 690)]
    cells = [
        f"BT /F1 12 Tf {80 + 100 * column} {670 - 30 * row} Td ({cell}) Tj ET"
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    drawn = "\n".join(["Our tariff.) Tj ET", *lines, *cells[:-1], cells[-1].removesuffix(") Tj ET")])
    (tmp_path / "tariff.pdf").write_bytes(pdf(drawn))
    chunks, notes = cut_file(tmp_path / "tariff.pdf", "tariff.pdf")
    text = "\n".join(chunk.text for chunk in chunks)
    assert "Our tariff." in text
    assert notes == []
    assert "| Zone | Fee |\n| --- | --- |\n| shore | 8.30 |\n| ridge | 11.40 |" in text


def test_a_pdf_whose_tables_cannot_be_read_keeps_its_text(tmp_path, monkeypatch) -> None:
    def broken(_data):
        raise TypeError("no box")

    monkeypatch.setattr("pdfplumber.open", broken)
    drawn = "Fees.) Tj ET\n" + "72 600 m 72 690 l S\n" * 9 + "BT /F1 12 Tf 80 670 Td (Zone"
    (tmp_path / "fees.pdf").write_bytes(pdf(drawn))
    chunks, notes = cut_file(tmp_path / "fees.pdf", "fees.pdf")
    assert "Fees." in chunks[0].text
    assert notes == ["tables of page 1 are read as text only: no box"]


def test_a_damaged_file_is_an_error_that_names_it(tmp_path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(InputError, match=r"a\.pdf"):
        read_document(tmp_path / "a.pdf", "pdf")
    with pytest.raises(InputError, match=r"b\.txt.*cannot be read"):
        read_document(tmp_path / "b.txt", "text")
