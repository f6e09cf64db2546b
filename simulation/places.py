"""Twelve vehicles over real places, for the demo. Names no person; what they do there is made up.

Coordinates are those of the place or of the middle of the commune, INSEE codes those of 2024.
"""

from typing import Final

from .vehicles import Spot, Vehicle

PARIS: Final = "Europe/Paris"

FLEET: Final = (
    Vehicle("van-germaine", "Camion Germaine", "camion", "Vendée", "Les Halles", PARIS, (
        Spot("yon-napoleon", "Place Napoléon", 46.6705, -1.4264, "85191", "La Roche-sur-Yon"),
        Spot("mouilleron-bourg", "Bourg", 46.7180, -1.4570, "85155", "Mouilleron-le-Captif",
             "mairie"),
        Spot("dompierre-bourg", "Place de l'Église", 46.7370, -1.3870, "85081",
             "Dompierre-sur-Yon"),
    )),
    Vehicle("triporteur-citoyen", "Triporteur citoyen", "triporteur", "Moselle",
            "Centre social Folschviller", PARIS, (
        Spot("folschviller-marche", "Place du Marché", 49.0737, 6.6812, "57230", "Folschviller",
             "marche"),
        Spot("valmont-ecole", "École de Valmont", 49.0867, 6.7002, "57690", "Valmont", "ecole"),
        Spot("hombourg-place", "Place de Hombourg", 49.1256, 6.7779, "57332", "Hombourg-Haut"),
    )),
    Vehicle("van-amej", "Camion de l'AMEJ", "camion", "Savoie", "AMEJ La Ravoire", PARIS, (
        Spot("ravoire-mairie", "Place de l'Hôtel de Ville", 45.5620, 5.9640, "73213",
             "La Ravoire", "mairie"),
        Spot("chambery-hauts", "Chambéry-le-Haut", 45.5850, 5.9060, "73065", "Chambéry",
             "pied_immeuble"),
        Spot("barberaz-place", "Place de la Mairie", 45.5620, 5.9440, "73029", "Barberaz"),
    )),
    Vehicle("van-tourcoing", "La Belle Tournée", "camion", "Nord", "Maison de quartier", PARIS, (
        Spot("tourcoing-bourgogne", "La Bourgogne", 50.7400, 3.1690, "59599", "Tourcoing",
             "pied_immeuble"),
        Spot("roubaix-grand-place", "Grand-Place", 50.6916, 3.1746, "59512", "Roubaix", "marche"),
        Spot("wattrelos-place", "Place Jean Delvainquière", 50.7010, 3.2170, "59650",
             "Wattrelos"),
    ), "backlog"),
    Vehicle("van-saint-nazaire", "Escale de l'estuaire", "camping-car", "Loire-Atlantique",
            "Centre social de l'estuaire", PARIS, (
        Spot("nazaire-bouletterie", "La Bouletterie", 47.2640, -2.2440, "44184", "Saint-Nazaire",
             "pied_immeuble"),
        Spot("trignac-mairie", "Place de la Mairie", 47.3180, -2.1890, "44210", "Trignac",
             "mairie"),
        Spot("montoir-bourg", "Bourg", 47.3290, -2.1500, "44103", "Montoir-de-Bretagne"),
    )),
    Vehicle("van-le-portel", "Le Camion bleu", "camion", "Pas-de-Calais", "Centre du Portel",
            PARIS, (
        Spot("portel-poincare", "Place Poincaré", 50.7060, 1.5740, "62667", "Le Portel"),
        Spot("boulogne-dalton", "Place Dalton", 50.7264, 1.6147, "62160", "Boulogne-sur-Mer",
             "marche"),
        Spot("outreau-tour", "Tour du Renard", 50.7040, 1.5890, "62643", "Outreau",
             "pied_immeuble"),
    ), "silent"),
    Vehicle("van-cayenne", "Kontré", "camion", "Guyane", "Centre de Cayenne", "America/Cayenne", (
        Spot("cayenne-palmistes", "Place des Palmistes", 4.9372, -52.3260, "97302", "Cayenne"),
        Spot("matoury-bourg", "Bourg", 4.8490, -52.3310, "97307", "Matoury", "marche"),
        Spot("remire-bourg", "Bourg", 4.9050, -52.2767, "97309", "Rémire-Montjoly"),
    )),
    Vehicle("van-guadeloupe", "Ti Kamyon", "camion", "Guadeloupe", "Centre de Grande-Terre",
            "America/Guadeloupe", (
        Spot("pointe-victoire", "Place de la Victoire", 16.2410, -61.5340, "97120",
             "Pointe-à-Pitre"),
        Spot("abymes-raizet", "Le Raizet", 16.2600, -61.5160, "97101", "Les Abymes",
             "pied_immeuble"),
        Spot("gosier-bourg", "Bourg", 16.2060, -61.4920, "97113", "Le Gosier", "marche"),
    ), "gps_dead"),
    Vehicle("van-creuse", "L'Itinérante", "camping-car", "Creuse", "Centre d'Aubusson", PARIS, (
        Spot("aubusson-place", "Place Espagne", 45.9570, 2.1690, "23008", "Aubusson", "marche"),
        Spot("bourganeuf-place", "Place de l'Étang", 45.9530, 1.7560, "23030", "Bourganeuf"),
        Spot("plateau-hameau", "Hameau du plateau", 45.9000, 2.0500, "23008", "Aubusson", "hameau",
             covered=False),
    ), "white_zone"),
    Vehicle("van-grenoble", "Le Bus des possibles", "camion", "Isère", "Maison des habitants",
            PARIS, (
        Spot("grenoble-villeneuve", "La Villeneuve", 45.1590, 5.7330, "38185", "Grenoble",
             "pied_immeuble"),
        Spot("echirolles-place", "Place des Cinq Fontaines", 45.1430, 5.7180, "38151",
             "Échirolles"),
        Spot("fontaine-place", "Place Louis Maisonnat", 45.1930, 5.6880, "38169", "Fontaine"),
    )),
    Vehicle("trike-mulhouse", "Le Triporteur du Rhin", "triporteur", "Haut-Rhin",
            "Centre des Coteaux", PARIS, (
        Spot("mulhouse-coteaux", "Les Coteaux", 47.7440, 7.3010, "68224", "Mulhouse",
             "pied_immeuble"),
        Spot("illzach-place", "Place de la République", 47.7810, 7.3470, "68154", "Illzach"),
        Spot("kingersheim-place", "Place de la Réunion", 47.7920, 7.3270, "68166",
             "Kingersheim", "marche"),
    )),
    Vehicle("van-perpignan", "La Caravane catalane", "camping-car", "Pyrénées-Orientales",
            "Centre du Vernet", PARIS, (
        Spot("perpignan-cassanyes", "Place Cassanyes", 42.6955, 2.9015, "66136", "Perpignan",
             "marche"),
        Spot("perpignan-vernet", "Le Vernet", 42.7170, 2.8930, "66136", "Perpignan",
             "pied_immeuble"),
        Spot("cabestany-place", "Place des Droits de l'Homme", 42.6800, 2.9410, "66028",
             "Cabestany"),
    ), "absent"),
)  # fmt: skip
