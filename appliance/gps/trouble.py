"""What keeps a receiver from being heard, as one sentence for its installer. Mends nothing."""

import errno
import os
import termios

NO_PORT = "GPS : aucun port série ; brancher le récepteur."
UNREADABLE = "GPS : rien d'intelligible sur {path} ; vérifier le câble et le récepteur."
SILENT = "GPS : {path} muet depuis {seconds} s ; vérifier le câble."
NO_FIX = "GPS : {path} à {speed} bauds, satellites en recherche."

_REASONS = {
    errno.ENOENT: "GPS : port {path} absent ; brancher le récepteur.",
    errno.EACCES: "GPS : accès refusé à {path} ; ajouter l'utilisateur au groupe dialout.",
    errno.EPERM: "GPS : accès refusé à {path} ; ajouter l'utilisateur au groupe dialout.",
    errno.EAGAIN: "GPS : {path} est tenu par un autre programme ; arrêter gpsd ou ModemManager.",
    errno.EBUSY: "GPS : {path} est tenu par un autre programme ; arrêter gpsd ou ModemManager.",
    errno.ENOTTY: "GPS : {path} n'est pas un port série ; corriger gps.port.",
}
_OTHER = "GPS : {path} ne s'ouvre pas ({reason}) ; débrancher et rebrancher le récepteur."


def sentence(path: str, error: OSError | termios.error) -> str:
    """Why the port cannot be opened or read, and what to do."""
    number = _number(error)
    reason = os.strerror(number) if number else "raison inconnue"
    return _REASONS.get(number, _OTHER).format(path=path, reason=reason)


def _number(error: OSError | termios.error) -> int:
    """The errno; pyserial and termios hide it in the text or the arguments."""
    first = error.args[0] if error.args else None
    number = getattr(error, "errno", None) or first
    if isinstance(number, int):
        return number
    return errno.ENOTTY if "Inappropriate ioctl" in str(error) else 0
