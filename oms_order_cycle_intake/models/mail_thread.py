from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        """Files that a mail calls text without saying in which letters come as they
        were sent; Odoo would replace those that are not of UTF-8, and they are lost."""
        for part in message.walk():
            if part.get_content_maintype() == "text" and part.get_filename():
                _state_charset(part)
        return super()._message_parse_extract_payload(
            message, message_dict, save_original
        )


def _state_charset(part):
    stated = str(part.get_param("charset") or "us-ascii").lower()
    if stated not in ("us-ascii", "ascii"):
        return
    content = part.get_payload(decode=True) or b""
    try:
        content.decode()
    except UnicodeDecodeError:
        # each byte is a letter of it: nothing is lost, whatever was meant
        part.set_param("charset", "iso-8859-1")
    else:
        part.set_param("charset", "utf-8")
