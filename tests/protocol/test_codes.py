"""The code lists: the Coop's codes exactly, ours complete."""

import re
from typing import get_args

import msgspec
import pytest

from protocol import codes, documents, duty, stops, unit, workshops
from protocol.row import SOURCES

COOP = {
    "theme": """
        diagnostic_numerique prendre_en_main_du_materiel maintenance_de_materiel
        gere_ses_contenus_numeriques navigation_sur_internet email bureautique reseaux_sociaux sante
        banque_et_achats_en_ligne entrepreneuriat insertion_professionnelle securite_numerique
        parentalite scolarite_et_numerique creer_avec_le_numerique culture_numerique
        intelligence_artificielle aide_aux_demarches_administratives
        papiers_elections_citoyennete famille_scolarite social_sante travail_formation logement
        transports_mobilite argent_impots justice etrangers_europe loisirs_sports_culture
        associations
        """,
    "activity_type": "individuel collectif",
    "gender": "masculin feminin non_communique",
    "age_band": """
        moins_de_douze douze_dix_huit dix_huit_vingt_quatre vingt_cinq_trente_neuf
        quarante_cinquante_neuf soixante_soixante_neuf soixante_dix_plus non_communique
        """,
    "social_status": "retraite sans_emploi en_emploi scolarise non_communique",
    "place_type": "lieu_activite autre domicile a_distance",
    "duration": "15 30 45 60 90 120",
    "material": "ordinateur telephone tablette autre aucun",
    "autonomy": "entierement_accompagne partiellement_autonome autonome",
    "level": "debutant intermediaire avance",
    "referral": """
        administration mediation_numerique operateur_ou_organisme_en_charge aide_sociale
        insertion_professionnelle aide_aux_demarches_administratives autre
        """,
    "attendance": "unknown seen noshow excused revoked",
}
OURS = {"theme": "lien_social non_communique"}


@pytest.mark.parametrize("name", COOP)
def test_a_national_list_holds_exactly_the_national_codes_in_their_order(name: str) -> None:
    assert " ".join(codes.CODES[name]) == " ".join((COOP[name] + " " + OURS.get(name, "")).split())


def test_eleven_themes_are_administrative_and_follow_the_nineteen_others() -> None:
    themes = COOP["theme"].split()
    assert len(themes) == 30
    assert frozenset(themes[19:]) == codes.ADMINISTRATIVE


def test_every_door_counts_as_a_theme_and_every_visitor_finds_one() -> None:
    assert {door: codes.theme_of_door(door) for door in codes.CODES["door"]} == {
        "sante": "social_sante",
        "famille": "famille_scolarite",
        "retraite": "travail_formation",
        "droit": "justice",
        "logement": "logement",
        "impots": "argent_impots",
        "emploi": "insertion_professionnelle",
        "numerique": "diagnostic_numerique",
        "lien_social": "lien_social",
        "ne_sait_pas": "non_communique",
        "ateliers": "non_communique",
    }
    assert all(codes.known("theme", codes.theme_of_door(door)) for door in codes.CODES["door"])


def test_a_code_of_a_newer_list_is_shown_as_it_is() -> None:
    assert codes.label("theme", "jardinage") == "jardinage"
    assert codes.label("theme", "logement", version=99) == "logement"
    assert codes.label("no_such_list", "x") == "x"
    assert not codes.known("theme", "jardinage")
    assert not codes.known("theme", "logement", version=99)
    assert codes.theme_of_door("jardin") == codes.NOT_STATED


def test_codes_are_plain_words_and_labels_proof_read() -> None:
    for name, items in codes.CODES.items():
        assert items, name
        assert len(set(items.values())) == len(items), f"{name}: two codes look alike"
        for code, label in items.items():
            assert re.fullmatch(r"[a-z0-9_]{1,64}", code)
            assert label == label.strip()
            assert "'" not in label
            assert label[0].isupper() or label[0].isdigit()
            assert not re.search(r"bénéficiaire|usager|lapin|·", label, re.IGNORECASE), label


def test_closed_choices_of_the_types_are_the_lists_of_the_same_name() -> None:
    assert tuple(codes.CODES["stop_source"]) == get_args(stops.Source)
    assert codes.known("boot_end", defaults(unit.Booted)["last_stop"])
    assert codes.known("stop_kind", defaults(documents.PlannedStop)["kind"])
    assert codes.known("duty_end", defaults(duty.Ended)["reason"])
    assert codes.known("cancel_reason", defaults(workshops.Cancelled)["reason"])
    assert set(SOURCES) == set(codes.CODES["clock_source"])


def defaults(kind: type[msgspec.Struct]) -> dict[str, object]:
    return {field.name: field.default for field in msgspec.structs.fields(kind)}
