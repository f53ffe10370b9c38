"""What customers were granted."""

#: Odoo's payment terms, by what the rows say.
TERMS = {
    "prepaid": "account.account_payment_term_immediate",
    "15": "account.account_payment_term_15days",
    "30": "account.account_payment_term_30days",
    "45": "account.account_payment_term_45days",
}
#: Customers whose credit is looked at before anything is picked.
CREDIT_WATCH = ("HAM-ELB", "DUS-RHE", "BER-MEN")
