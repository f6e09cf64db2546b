"""What visitors see: three touches from *Bonjour* to a number, and the way to a workshop."""

from kivy.uix.screenmanager import Screen

from . import (
    confirm,
    first_name,
    give_back,
    given_back,
    group,
    help,
    my_code,
    my_number,
    my_place,
    other_language,
    people,
    phone,
    question,
    reasons,
    signed_up,
    sorry,
    still_there,
    thanks,
    welcome,
    workshops,
)

SCREENS: dict[str, type[Screen]] = {
    "welcome": welcome.Welcome,
    "other_language": other_language.OtherLanguage,
    "reasons": reasons.Reasons,
    "confirm": confirm.Confirm,
    "thanks": thanks.Thanks,
    "question": question.Question,
    "sorry": sorry.Sorry,
    "help": help.Help,
    "still_there": still_there.StillThere,
    "workshops": workshops.Workshops,
    "people": people.People,
    "group": group.Group,
    "first_name": first_name.FirstName,
    "phone": phone.Phone,
    "signed_up": signed_up.SignedUp,
    "my_number": my_number.MyNumber,
    "my_code": my_code.MyCode,
    "my_place": my_place.MyPlace,
    "give_back": give_back.GiveBack,
    "given_back": given_back.GivenBack,
}
