"""Who a unit is: the room stands ready; nothing lives here yet."""
