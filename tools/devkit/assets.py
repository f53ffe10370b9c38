"""Compile what browsers load before a test needs it: it can take a minute.

While one request of a page compiles, the page's other requests would run into the time
limit of the test's cursor.
"""

_JS = ["web.assets_web", "web.assets_frontend_minimal", "web.assets_frontend_lazy"]
_CSS = ["web.assets_web", "web.assets_web_print", "web.assets_frontend"]

# For Odoo's shell, which is another process with another path.
SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
from devkit.assets import compile_assets
compile_assets(env)
env.cr.commit()
"""


def compile_assets(env):
    """Bundles already compiled are found in the database, so this is quick again."""
    qweb = env["ir.qweb"]
    for name in _JS:
        qweb._get_asset_bundle(name, css=False, js=True).js()
    for name in _CSS:
        qweb._get_asset_bundle(name, css=True, js=False).css()
