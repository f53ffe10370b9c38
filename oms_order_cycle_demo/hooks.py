from .builder import build_demo_company


def post_init_hook(env):
    """Installing the addon is the wish to have the company; it is built once."""
    build_demo_company(env)
