"""Documents to test with, written from the standards. All names are made up."""

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"

UBL_ORDER = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID>
 <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>
 <cbc:ID>PO-7001</cbc:ID>
 <cbc:IssueDate>2026-11-02</cbc:IssueDate>
 <cbc:OrderTypeCode>220</cbc:OrderTypeCode>
 <cbc:Note>Ring at the gate</cbc:Note>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cbc:CustomerReference>Jane</cbc:CustomerReference>
 <cac:ValidityPeriod><cbc:EndDate>2026-12-31</cbc:EndDate></cac:ValidityPeriod>
 <cac:BuyerCustomerParty><cac:Party>
  <cbc:EndpointID schemeID="0088">4012345000009</cbc:EndpointID>
  <cac:PartyIdentification><cbc:ID>C-17</cbc:ID></cac:PartyIdentification>
  <cac:PartyName><cbc:Name>Nordwind Handel</cbc:Name></cac:PartyName>
  <cac:PartyTaxScheme><cbc:CompanyID>DE123456788</cbc:CompanyID></cac:PartyTaxScheme>
 </cac:Party></cac:BuyerCustomerParty>
 <cac:SellerSupplierParty><cac:Party>
  <cbc:EndpointID schemeID="0088">5412345000013</cbc:EndpointID>
 </cac:Party></cac:SellerSupplierParty>
 <cac:Delivery>
  <cac:DeliveryLocation>
   <cbc:ID schemeID="0088">4012345000016</cbc:ID>
   <cac:Address>
    <cbc:StreetName>Hafenstr. 3</cbc:StreetName>
    <cbc:AdditionalStreetName>Tor 2</cbc:AdditionalStreetName>
    <cbc:CityName>Lübeck</cbc:CityName>
    <cbc:PostalZone>23552</cbc:PostalZone>
    <cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>
   </cac:Address>
  </cac:DeliveryLocation>
  <cac:RequestedDeliveryPeriod>
   <cbc:StartDate>2026-11-10</cbc:StartDate><cbc:EndDate>2026-11-12</cbc:EndDate>
  </cac:RequestedDeliveryPeriod>
 </cac:Delivery>
 <cac:AllowanceCharge>
  <cbc:ChargeIndicator>true</cbc:ChargeIndicator>
  <cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>
  <cbc:Amount currencyID="EUR">20.00</cbc:Amount>
 </cac:AllowanceCharge>
 <cac:AnticipatedMonetaryTotal>
  <cbc:LineExtensionAmount currencyID="EUR">231.00</cbc:LineExtensionAmount>
  <cbc:TaxExclusiveAmount currencyID="EUR">251.00</cbc:TaxExclusiveAmount>
 </cac:AnticipatedMonetaryTotal>
 <cac:OrderLine>
  <cbc:Note>Blue if you have it</cbc:Note>
  <cac:LineItem>
   <cbc:ID>1</cbc:ID>
   <cbc:Quantity unitCode="DZN">24.0</cbc:Quantity>
   <cbc:PartialDeliveryIndicator>false</cbc:PartialDeliveryIndicator>
   <cac:Delivery><cac:RequestedDeliveryPeriod>
    <cbc:StartDate>2026-11-11</cbc:StartDate>
   </cac:RequestedDeliveryPeriod></cac:Delivery>
   <cac:AllowanceCharge>
    <cbc:ChargeIndicator>false</cbc:ChargeIndicator>
    <cbc:Amount currencyID="EUR">3.00</cbc:Amount>
   </cac:AllowanceCharge>
   <cac:Price>
    <cbc:PriceAmount currencyID="EUR">95.00</cbc:PriceAmount>
    <cbc:BaseQuantity unitCode="DZN">10</cbc:BaseQuantity>
   </cac:Price>
   <cac:Item>
    <cbc:Name>Cup</cbc:Name>
    <cac:BuyersItemIdentification><cbc:ID>K-1</cbc:ID></cac:BuyersItemIdentification>
    <cac:SellersItemIdentification><cbc:ID>CUP</cbc:ID></cac:SellersItemIdentification>
    <cac:StandardItemIdentification>
     <cbc:ID schemeID="0160">04006381333931</cbc:ID>
    </cac:StandardItemIdentification>
   </cac:Item>
  </cac:LineItem>
 </cac:OrderLine>
 <cac:OrderLine>
  <cac:LineItem>
   <cbc:ID>2</cbc:ID>
   <cbc:Quantity unitCode="NAR">3</cbc:Quantity>
   <cac:Item><cbc:Name>Plate</cbc:Name></cac:Item>
  </cac:LineItem>
 </cac:OrderLine>
</Order>
"""

_HEAD = """<{0} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{0}-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">"""

UBL_CHANGE = (
    _HEAD.format("OrderChange")
    + """
 <cbc:ID>CH-1</cbc:ID>
 <cbc:IssueDate>2026-11-03</cbc:IssueDate>
 <cbc:SequenceNumberID>1</cbc:SequenceNumberID>
 <cac:OrderReference><cbc:ID>PO-7001</cbc:ID></cac:OrderReference>
 <cac:BuyerCustomerParty><cac:Party>
  <cbc:EndpointID schemeID="0088">4012345000009</cbc:EndpointID>
 </cac:Party></cac:BuyerCustomerParty>
 <cac:OrderLine><cac:LineItem>
  <cbc:ID>1</cbc:ID><cbc:LineStatusCode>3</cbc:LineStatusCode>
  <cbc:Quantity unitCode="DZN">12</cbc:Quantity>
 </cac:LineItem></cac:OrderLine>
 <cac:OrderLine><cac:LineItem>
  <cbc:ID>2</cbc:ID><cbc:LineStatusCode>2</cbc:LineStatusCode>
  <cbc:Quantity unitCode="NAR">3</cbc:Quantity>
 </cac:LineItem></cac:OrderLine>
</OrderChange>
"""
)

UBL_CANCELLATION = (
    _HEAD.format("OrderCancellation")
    + """
 <cbc:ID>X-1</cbc:ID>
 <cbc:IssueDate>2026-11-03</cbc:IssueDate>
 <cbc:CancellationNote>Closed for good</cbc:CancellationNote>
 <cac:OrderReference><cbc:ID>PO-7001</cbc:ID></cac:OrderReference>
 <cac:BuyerCustomerParty><cac:Party>
  <cbc:EndpointID schemeID="0088">4012345000009</cbc:EndpointID>
 </cac:Party></cac:BuyerCustomerParty>
</OrderCancellation>
"""
)

X12_LINES = """CUR*BY*USD
DTM*002*20261110
DTM*001*20261231
N1*BY*Prairie Stores*UL*0012345000003
N1*ST*Prairie Center*92*DC7
N3*1 Mill Road*Dock 4
N4*Omaha*NE*68102*US
N1*Z7*Store Twelve*92*0012
MSG*Call before delivery
PO1*1*24*DZ*9.50*PE*BP*K-1*VN*CUP*UP*036000291452
PID*F****Cup
DTM*002*20261111
MSG*Blue if you have it
PO1*2*3*EA*250*HP*IN*K-2
CTT*2*27
AMT*TT*235.5"""


def x12_set(
    lines=X12_LINES, begin="BEG*00*SA*PO-7001**20261102", kind="850", name="0001"
):
    """A transaction set with right counts."""
    body = [begin, *lines.split("\n")]
    return [f"ST*{kind}*{name}", *body, f"SE*{len(body) + 2}*{name}"]


def x12(*sets, usage="P", end="~\n", group="PO", version="004010", separator="*"):
    """An interchange of one group."""
    sets = sets or (x12_set(),)
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "PRAIRIE".ljust(15)]
    isa += ["ZZ", "OURS".ljust(15), "261102", "0936", "U", "00401", "000000055", "0"]
    isa += [usage, ">"]
    segments = ["*".join(isa), f"GS*{group}*PRAIRIE*OURS*20261102*0936*7*X*{version}"]
    segments += [segment for one in sets for segment in one]
    segments += [f"GE*{len(sets)}*7", "IEA*1*000000055"]
    text = "".join(segment.replace("*", separator) + end for segment in segments)
    return text.encode()


EDIFACT_LINES = """DTM+137:202611020900:203
DTM+2:20261110:102
FTX+AAI+++Ring at the gate?, please
NAD+BY+4012345000009::9
RFF+VA:DE123456788
NAD+SU+5412345000013::9
NAD+DP+4012345000016::9++Nordwind Lager+Hafenstr. 3:Tor 2+Lübeck++23552+DE
CUX+2:EUR:9
LIN+1++4006381333931:EN
PIA+1+CUP:SA+K-1:IN
IMD+F++:::Cup ?+ saucer
QTY+21:24,5:DZN
DTM+2:20261111:102
PRI+AAA:95:::10:DZN
LIN+2++PLATE:SA
QTY+21:3
UNS+S
MOA+79:231
CNT+2:2"""


def edifact_message(
    lines=EDIFACT_LINES,
    begin="BGM+220+PO-7001+9",
    kind="ORDERS:D:96A:UN:EAN008",
    name="1",
):
    """A message with right counts."""
    body = [begin, *lines.split("\n")]
    return [f"UNH+{name}+{kind}", *body, f"UNT+{len(body) + 2}+{name}"]


def edifact(*messages, test="", syntax="UNOC:3", una="", group=False, end="'\n"):
    """An interchange."""
    messages = messages or (edifact_message(),)
    header = f"UNB+{syntax}+4012345000009:14+5412345000013:14+261102:0900+807"
    if test:
        header += f"++++++{test}"
    inside = [segment for one in messages for segment in one]
    if group:
        inside = ["UNG+ORDERS+A+B+261102:0900+1+UN+D:96A", *inside]
        inside.append(f"UNE+{len(messages)}+1")
    count = 1 if group else len(messages)
    segments = [header, *inside, f"UNZ+{count}+807"]
    encoding = "utf-8" if syntax.startswith("UNOY") else "latin-1"
    return (una + "".join(segment + end for segment in segments)).encode(encoding)
