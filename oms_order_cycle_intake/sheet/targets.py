"""What a column may mean, and the words that stand above it.

The key of a target is the path in the payload; those of a line begin with ``lines.``.
Words are lower case without accents, see ``columns.normalize_label``.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A field of an order that a column may fill.

    :param kind: how a cell is read: code, text, number, price, date, currency
    :param is_product: one of the columns that say which product
    :param words: labels in English, Dutch, German, French
    """

    key: str
    kind: str
    words: tuple
    is_product: bool = False

    @property
    def is_line(self):
        """Whether it belongs to a line, not to the order."""
        return self.key.startswith("lines.")


def _target(key, kind, words, is_product=False):
    names = tuple(word.strip() for word in words.replace("\n", " ").split(","))
    return Target(key, kind, names, is_product)


#: Columns of earlier downloads that are not the customer's own.
REASON_WORDS = ("reason", "reden", "grund", "raison")

_ALL = (
    _target(
        "external_ref",
        "code",
        """order reference, order ref, order, order number, order no, order nr,
        order id,
        po, po number, po no, po nr, po ref, purchase order, purchase order number,
        purchase order no, your reference, your ref, customer reference, reference,
        bestelnummer, bestelling, ordernummer, inkooporder, inkoopordernummer,
        uw referentie, uw kenmerk, referentie, kenmerk, bestellnummer, bestellung,
        auftragsnummer, auftrag, bestell nr, ihre referenz, referenz, numero commande,
        numero de commande, no commande, n commande, commande, bon de commande,
        votre reference""",
    ),
    _target(
        "customer.ref",
        "code",
        """customer, customer number, customer no, customer nr, customer code,
        customer id, account, account number, client, client code, klant, klantnummer,
        klantnr, klantcode, debiteur, debiteurnummer, kunde, kundennummer, kunden nr,
        kundennr, debitor, code client, numero client, no client""",
    ),
    _target(
        "customer.vat",
        "code",
        """vat, vat number, vat no, tax id, btw, btw nummer, btwnummer, ust id,
        ust idnr,
        umsatzsteuer id, tva, numero tva, no tva""",
    ),
    _target(
        "customer.email",
        "text",
        """email, e mail, mail, customer email, e mailadres, emailadres, e mail adresse,
        courriel, adresse e mail, adresse mail""",
    ),
    _target(
        "customer.gln",
        "code",
        "gln, customer gln, buyer gln, gln klant, gln kunde, gln client, gln koper",
    ),
    _target(
        "ship_to.ref",
        "code",
        """ship to, ship to code, ship to number, ship to ref, delivery address code,
        delivery point, store, store number, store code, branch, afleveradres code,
        afleverpunt, filiaal, filiaalnummer, vestiging, winkel, lieferadresse nr,
        filiale,
        filialnummer, lieferstelle, magasin, code magasin, code livraison""",
    ),
    _target(
        "ship_to.gln",
        "code",
        """ship to gln, delivery gln, gln delivery, gln ship to, gln afleveradres,
        gln lieferadresse, gln livraison""",
    ),
    _target(
        "ship_to.name",
        "text",
        """ship to name, delivery name, recipient, consignee, afleveradres naam,
        naam afleveradres, ontvanger, empfanger, lieferadresse name, destinataire,
        nom livraison""",
    ),
    _target(
        "ship_to.street",
        "text",
        """street, address, ship to street, delivery street, delivery address,
        ship to address, straat, adres, afleveradres, strasse, adresse, lieferadresse,
        rue, adresse de livraison, adresse livraison""",
    ),
    _target(
        "ship_to.street2",
        "text",
        """street 2, street2, address 2, address line 2, straat 2, adres 2, strasse 2,
        adresszusatz, rue 2, adresse 2, complement adresse""",
    ),
    _target(
        "ship_to.zip",
        "code",
        "zip, zip code, postal code, postcode, plz, postleitzahl, code postal, cp",
    ),
    _target("ship_to.city", "text", "city, town, plaats, stad, stadt, ort, ville"),
    _target("ship_to.country", "text", "country, country code, land, pays, landcode"),
    _target(
        "ship_to.state",
        "text",
        "state, province, county, provincie, bundesland, region, departement",
    ),
    _target(
        "bill_to.ref",
        "code",
        """bill to, bill to code, invoice to, invoice address code, factuuradres,
        factuuradres code, rechnungsadresse, rechnung an, facturation,
        code facturation""",
    ),
    _target(
        "order_date",
        "date",
        """order date, date of order, po date, orderdatum, besteldatum, bestelldatum,
        auftragsdatum, date de commande, date commande""",
    ),
    _target(
        "requested_date",
        "date",
        """requested date, requested delivery date, delivery date, deliver on,
        deliver by, due date, required date, wanted on, date, leverdatum,
        gewenste leverdatum, gewenste datum, afleverdatum, datum, lieferdatum,
        liefertermin, wunschtermin, wunschdatum, gewunschter liefertermin,
        date de livraison, date livraison, date souhaitee, livraison souhaitee""",
    ),
    _target(
        "valid_until",
        "date",
        """valid until, expires, cancel after, geldig tot, gultig bis, valable jusqu au,
        valable jusque""",
    ),
    _target(
        "currency",
        "currency",
        "currency, cur, valuta, munt, wahrung, devise, monnaie",
    ),
    _target(
        "note",
        "text",
        """order note, order remark, order comment, remark, remarks, notes, comment,
        comments, opmerking, opmerkingen, bemerkung, bemerkungen, remarque, remarques,
        commentaire""",
    ),
    _target(
        "lines.ref",
        "code",
        """line, line no, line nr, line number, line ref, pos, position, regel,
        regelnummer, regelnr, positie, zeile, positionsnummer, pos nr, ligne, no ligne,
        numero ligne""",
    ),
    _target(
        "lines.product",
        "code",
        """product, item, article, article number, article no, article nr, item number,
        item no, item nr, item code, product number, part number, part no, artikel,
        artikelnummer,
        artikelnr, artikelcode, productnummer, artikel nr, produkt, produktnummer,
        teilenummer, produit, code article, code produit, numero article,
        ref article""",
        is_product=True,
    ),
    _target(
        "lines.product.code",
        "code",
        """product code, internal reference, your item number, supplier item number,
        supplier code, vendor item number, supplier article number, vendor code, sku,
        productcode, interne referentie, uw artikelnummer, artikelnummer leverancier,
        leveranciersartikelnummer, lieferanten artikelnummer, lieferantenartikelnummer,
        ihre artikelnummer, interne referenz, reference interne, reference fournisseur,
        votre reference article""",
        is_product=True,
    ),
    _target(
        "lines.product.barcode",
        "code",
        """barcode, bar code, ean, ean13, ean code, gtin, upc, streepjescode,
        strichcode,
        code barres, code barre, code a barres""",
        is_product=True,
    ),
    _target(
        "lines.product.customer_code",
        "code",
        """customer product code, customer item number, customer code of product,
        our item number, our code, our article number, buyer item number, own code,
        eigen artikelnummer, ons artikelnummer, onze code, artikelnummer klant,
        unsere artikelnummer, eigene artikelnummer, kundenartikelnummer,
        notre reference, notre code, reference client, code article client""",
        is_product=True,
    ),
    _target(
        "lines.description",
        "text",
        """description, product name, item description, article description, name,
        omschrijving, artikelomschrijving, productnaam, naam, beschreibung, bezeichnung,
        artikelbezeichnung, designation, libelle, nom du produit""",
    ),
    _target(
        "lines.qty",
        "number",
        """quantity, qty, order quantity, ordered quantity, order qty, pieces, pcs,
        amount ordered, aantal, hoeveelheid, besteld aantal, stuks, menge,
        bestellmenge, anzahl, stuck, stuckzahl, quantite, qte, quantite commandee,
        nombre""",
    ),
    _target(
        "lines.uom",
        "text",
        """unit, uom, unit of measure, unit code, eenheid, verpakkingseenheid, einheid,
        einheit, mengeneinheit, me, unite, unite de mesure""",
    ),
    _target(
        "lines.price",
        "price",
        """price, unit price, net price, price each, prijs, stukprijs, nettoprijs,
        eenheidsprijs, prijs per stuk, preis, einzelpreis, stuckpreis, nettopreis, prix,
        prix unitaire, pu, pu ht, prix net""",
    ),
    _target(
        "lines.requested_date",
        "date",
        """line date, line delivery date, requested date of line, leverdatum regel,
        lieferdatum position, date livraison ligne""",
    ),
    _target(
        "lines.note",
        "text",
        """line note, note, line remark, line comment, regelopmerking, notitie,
        positionstext, notiz, hinweis, note ligne, remarque ligne""",
    ),
)

#: By key, in the order in which they are offered.
TARGETS = {target.key: target for target in _ALL}
