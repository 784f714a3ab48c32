"""What the console has; hosting/console/ says what each is."""

from django.contrib.admin.models import LogEntry

from hosting.console.applications import ApplicationAdmin
from hosting.console.cooperatives import CooperativeAdmin
from hosting.console.health import BackupAdmin, DomainAdmin, DomainClaimAdmin, DueAdmin, PulseAdmin
from hosting.console.people import LogAdmin, OperatorAdmin, SwitchAdmin
from hosting.console.site import console
from hosting.console.visits import VisitAdmin
from hosting.models import Operator
from tenants.models import Application, Backup, Cooperative, Domain, DomainClaim, Due, Pulse, Switch, Visit

console.register(Application, ApplicationAdmin)
console.register(Cooperative, CooperativeAdmin)
console.register(Domain, DomainAdmin)
console.register(DomainClaim, DomainClaimAdmin)
console.register(Pulse, PulseAdmin)
console.register(Backup, BackupAdmin)
console.register(Due, DueAdmin)
console.register(Visit, VisitAdmin)
console.register(Switch, SwitchAdmin)
console.register(Operator, OperatorAdmin)
console.register(LogEntry, LogAdmin)
