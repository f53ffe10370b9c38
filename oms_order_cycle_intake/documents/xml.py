"""XML from strangers: no entities, no DTD, no network."""

from lxml import etree

from .fault import DocumentFault

Node = etree._Element


def parse(content: bytes) -> Node:
    """The root of a document.

    :raise DocumentFault: where it is no XML, or has a document type
    """
    # Before anything is read: entities are what makes a small file a large one.
    if b"<!DOCTYPE" in content[:100_000].replace(b"\0", b""):
        raise _doctype()
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content.lstrip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _broken(error) from error
    tree = root.getroottree()
    # another encoding hides it from the first look
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise _doctype()
    return root


def local_name(node: Node) -> str:
    """The name of a node without its namespace."""
    return str(node.tag).rpartition("}")[2]


def namespace(node: Node) -> str:
    return str(node.tag).rpartition("}")[0][1:]


def _doctype() -> DocumentFault:
    return DocumentFault(
        "xml_doctype",
        "The file has a document type (DOCTYPE). Orders have none, and it is not read.",
    )


def _broken(error: Exception) -> DocumentFault:
    line = getattr(error, "lineno", None)
    where = f"line {line}" if line else ""
    text = str(error)
    if "encoding" in text.lower() or "utf-8" in text.lower():
        return DocumentFault(
            "characters",
            "The file has bytes that are no characters in the encoding that it states.",
            where,
        )
    if "Premature end" in text or "EndTag" in text or "Couldn't find end" in text:
        return DocumentFault(
            "truncated", "The file ends before the order does: it is incomplete.", where
        )
    return DocumentFault(
        "xml_broken", f"The file is not well-formed XML: {text}", where
    )
