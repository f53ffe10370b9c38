from . import ir_actions_server
from . import mail_mail
from . import oms_authored
from . import oms_outbox
from . import oms_outbox_retry
from . import oms_outbox_run
from . import oms_reaction
from . import res_config_settings
