#include "rules/text/dictionary.hpp"

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "rules/text/text.hpp"

namespace coachd::text {
namespace {

using namespace std::string_view_literals;

// clang-format off: words in lines, not one a line
// Single letters but x are left out: a column of grades A, B, C is read as free text in an export.
constexpr std::array words = {
    // punctuation alone: compared as written
    "-"sv, "--"sv, "."sv, ".."sv, "?"sv, "??"sv, "/"sv, "_"sv, "*"sv, "#"sv, ","sv, "–"sv, "—"sv, "・"sv, "。"sv, "ー"sv,
    // English
    "unknown"sv, "not known"sv, "unk"sv, "tbd"sv, "tba"sv, "tbc"sv, "to be determined"sv, "to be defined"sv, "to be decided"sv,
    "to be confirmed"sv, "to be announced"sv, "to do"sv, "n/a"sv, "na"sv, "not applicable"sv, "not available"sv, "none"sv,
    "nil"sv, "null"sv, "nothing"sv, "nan"sv, "undefined"sv, "unspecified"sv, "not specified"sv, "not provided"sv, "not set"sv,
    "blank"sv, "empty"sv, "missing"sv, "x"sv, "xx"sv, "xyz"sv, "abc"sv, "test"sv, "testing"sv, "test test"sv, "asdf"sv, "dummy"sv,
    "placeholder"sv, "foo"sv, "bar"sv, "foobar"sv, "lorem ipsum"sv, "blah"sv, "bla"sv, "blah blah"sv, "bla bla"sv,
    "not sure"sv, "unsure"sv, "don't know"sv, "do not know"sv, "dont know"sv, "dunno"sv, "idk"sv, "no idea"sv, "no info"sv,
    "no information"sv, "same"sv, "same as above"sv, "same as before"sv, "as above"sv, "see above"sv, "see notes"sv, "see note"sv,
    "see description"sv, "see comments"sv, "see below"sv, "ditto"sv, "pending"sv, "no data"sv, "no value"sv, "will update"sv,
    "update later"sv, "to follow"sv, "later"sv, "select"sv, "select one"sv, "please select"sv, "choose"sv, "choose one"sv,
    "please choose"sv, "whatever"sv, "anything"sv, "something"sv,
    // Spanish
    "desconocido"sv, "desconocida"sv, "por definir"sv, "por determinar"sv, "por confirmar"sv, "pendiente"sv, "ninguno"sv,
    "ninguna"sv, "nada"sv, "no aplica"sv, "no disponible"sv, "n/d"sv, "no sé"sv, "no lo sé"sv, "sin definir"sv, "sin datos"sv,
    "sin información"sv, "lo mismo"sv, "igual"sv, "ver notas"sv, "ver arriba"sv, "prueba"sv, "seleccione"sv, "seleccionar"sv,
    "seleccione una opción"sv,
    // German
    "unbekannt"sv, "nicht bekannt"sv, "keine angabe"sv, "k.a."sv, "keine"sv, "keiner"sv, "kein"sv, "nichts"sv, "offen"sv,
    "noch offen"sv, "unklar"sv, "noch unklar"sv, "wird noch geklärt"sv, "zu klären"sv, "folgt"sv, "folgt noch"sv,
    "nicht zutreffend"sv, "entfällt"sv, "nicht verfügbar"sv, "weiß nicht"sv, "keine ahnung"sv, "dito"sv, "wie oben"sv,
    "siehe oben"sv, "siehe notiz"sv, "siehe notizen"sv, "s.o."sv, "platzhalter"sv, "bitte wählen"sv, "bitte auswählen"sv,
    "auswählen"sv,
    // French
    "inconnu"sv, "inconnue"sv, "à définir"sv, "à déterminer"sv, "à confirmer"sv, "à venir"sv, "à compléter"sv, "aucun"sv,
    "aucune"sv, "rien"sv, "néant"sv, "non applicable"sv, "sans objet"sv, "s/o"sv, "non disponible"sv, "non renseigné"sv,
    "non défini"sv, "ne sait pas"sv, "je ne sais pas"sv, "idem"sv, "voir notes"sv, "voir ci-dessus"sv, "sélectionner"sv,
    "sélectionnez"sv, "choisir"sv,
    // Portuguese
    "desconhecido"sv, "desconhecida"sv, "a definir"sv, "a determinar"sv, "a confirmar"sv, "pendente"sv, "nenhum"sv, "nenhuma"sv,
    "não aplicável"sv, "não se aplica"sv, "não disponível"sv, "não informado"sv, "não sei"sv, "não definido"sv, "sem informação"sv,
    "sem dados"sv, "o mesmo"sv, "ver acima"sv, "teste"sv, "selecione"sv, "selecionar"sv,
    // Japanese
    "不明"sv, "未定"sv, "未確認"sv, "未設定"sv, "未入力"sv, "なし"sv, "無し"sv, "無"sv, "特になし"sv, "該当なし"sv, "わからない"sv,
    "分からない"sv, "同上"sv, "テスト"sv, "選択してください"sv, "確認中"sv, "検討中"sv, "後日"sv,
};

constexpr std::array others = {"other"sv, "others"sv, "otro"sv, "otra"sv, "otros"sv, "sonstiges"sv, "sonstige"sv, "andere"sv,
                               "anderes"sv, "autre"sv, "autres"sv, "outro"sv, "outra"sv, "outros"sv, "その他"sv};

constexpr std::array choose = {
    "--None--"sv, "-None-"sv, "- None -"sv, "-- None --"sv, "<None>"sv, "Select"sv, "Select one"sv, "Select an option"sv,
    "Select option"sv, "Select value"sv, "Select a value"sv, "Please select"sv, "Please select one"sv, "Please select an option"sv,
    "Choose"sv, "Choose one"sv, "Choose an option"sv, "Please choose"sv, "Please choose one"sv, "Pick one"sv, "--Select--"sv,
    "--Ninguno--"sv, "Seleccione"sv, "Seleccionar"sv, "Seleccione una opción"sv, "Elegir"sv, "Elija una opción"sv,
    "--Kein--"sv, "--Keine Angabe--"sv, "Bitte wählen"sv, "Bitte auswählen"sv, "Auswählen"sv, "Bitte wählen Sie"sv,
    "--Aucun--"sv, "Sélectionner"sv, "Sélectionnez"sv, "Sélectionnez une option"sv, "Choisir"sv, "Choisissez"sv, "Veuillez sélectionner"sv,
    "--Nenhum--"sv, "Selecione"sv, "Selecionar"sv, "Selecione uma opção"sv, "Escolha"sv,
    "--なし--"sv, "選択してください"sv, "選択"sv, "--選択してください--"sv,
};

constexpr std::array on_picklists = {"unknown"sv, "tbd"sv, "to be determined"sv, "not sure"sv, "select"sv};
// clang-format on

}  // namespace

const std::vector<std::string_view>& dictionary() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> v(words.begin(), words.end());
    v.insert(v.end(), others.begin(), others.end());
    return v;
  }();
  return all;
}

std::span<const std::string_view> other_words() noexcept {
  return others;
}
std::span<const std::string_view> choose_words() noexcept {
  return choose;
}
std::span<const std::string_view> picklist_words() noexcept {
  return on_picklists;
}

}  // namespace coachd::text
