from . import ir_actions_server
from . import mail_mail
from . import oms_outbox
from . import res_config_settings
