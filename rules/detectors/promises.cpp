#include "rules/detectors/promises.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/detectors/due_day.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

using model::Day;
using Phrases = std::span<const std::string_view>;

// Somebody speaks of themselves and of what is to come.
constexpr std::array<std::string_view, 57> own{" i will ",
                                               " i ll ",
                                               " we will ",
                                               " we ll ",
                                               " i promised ",
                                               " i owe ",
                                               " remind me ",
                                               " i need to ",
                                               " i must ",
                                               " i am going to ",
                                               " i m going to ",
                                               " my action ",
                                               " ich werde ",
                                               " wir werden ",
                                               " ich sende ",
                                               " ich schicke ",
                                               " ich melde ",
                                               " melde mich ",
                                               " ich rufe ",
                                               " rufe ihn ",
                                               " rufe sie ",
                                               " ich habe zugesagt ",
                                               " habe versprochen ",
                                               " ich liefere ",
                                               " ich kuemmere ",
                                               " voy a ",
                                               " vamos a ",
                                               " enviare ",
                                               " llamare ",
                                               " mandare ",
                                               " le envio ",
                                               " le llamo ",
                                               " les llamo ",
                                               " te llamo ",
                                               " prometi ",
                                               " quede en ",
                                               " me comprometi ",
                                               " je vais ",
                                               " nous allons ",
                                               " j enverrai ",
                                               " j envoie ",
                                               " je rappelle ",
                                               " je rappellerai ",
                                               " j ai promis ",
                                               " je recontacte ",
                                               " je reviens ",
                                               " je relance ",
                                               " j appelle ",
                                               " vou ",
                                               " enviarei ",
                                               " ligarei ",
                                               " mandarei ",
                                               " retornarei ",
                                               " fiquei de ",
                                               " eu ligo ",
                                               " eu envio ",
                                               " eu retorno "};
// Short forms without a subject.
constexpr std::array<std::string_view, 24> bare{
    " follow up ",  " to call back ",      " call back ",       " send him ",        " send her ",
    " send them ",  " get back to ",       " circle back ",     " check in with ",   " will send ",
    " will call ",  " nachfassen ",        " nachhaken ",       " wiedervorlage ",   " zurueckrufen ",
    " rueckruf ",   " hacer seguimiento ", " volver a llamar ", " dar seguimiento ", " relancer ",
    " a rappeler ", " rappeler ",          " retornar ",        " ligar de volta "};
constexpr std::array<std::string_view, 45> others{
    " he will ",       " she will ",    " they will ",     " they ll ",       " he ll ",       " she ll ",
    " customer will ", " client will ", " prospect will ", " buyer will ",    " to us ",       " you will ",
    " it will ",       " legal will ",  " er wird ",       " sie wird ",      " sie werden ",  " kunde wird ",
    " kunde meldet ",  " er meldet ",   " sie melden ",    " meldet sich ",   " bei uns ",     " cliente va ",
    " el va a ",       " ella va ",     " van a ",         " nos llamara ",   " nos enviara ", " client va ",
    " il va ",         " elle va ",     " ils vont ",      " nous rappelle ", " ele vai ",     " ela vai ",
    " cliente vai ",   " eles vao ",    " vai nos ",       " send us ",       " send me ",     " call us ",
    " call me ",       " let us know ", " uns schicken "};
constexpr std::array<std::string_view, 26> refused{
    " will not ", " won t ",           " wont ",   " don t ",     " do not ",  " no need ",      " no follow up ",
    " cannot ",   " can t ",           " nicht ",  " kein ",      " keine ",   " no voy ",       " no hay ",
    " no vamos ", " no es necesario ", " pas ",    " nao vou ",   " nao ",     " sem retornar ", " unless ",
    " falls ",    " would ",           " wuerde ", " cancelled ", " abgesagt "};
constexpr std::array<std::string_view, 24> past{
    " had ",       " did ",     " was ",      " were ",   " called ",         " sent ",
    " yesterday ", " last ",    " hatte ",    " hatten ", " habe angerufen ", " gestern ",
    " letzte ",    " letzten ", " tuve ",     " ayer ",   " hice ",           " envie ",
    " hier ",      " dernier ", " derniere ", " tive ",   " ontem ",          " liguei "};

bool has(std::string_view line, Phrases phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view p) { return line.find(p) != std::string_view::npos; });
}

}  // namespace

// A sentence ends at . ! ? ; and line ends; the point of `12. Mai` and `12.05.` ends none.
std::vector<std::string_view> sentences_of(std::string_view note) {
  std::vector<std::string_view> out;
  std::size_t from = 0;
  const auto end_at = [&](std::size_t to) {
    if (const auto s = text::trim(note.substr(from, to - from)); !s.empty()) out.push_back(s);
  };
  for (std::size_t i = 0; i < note.size(); ++i) {
    const char c = note[i];
    const bool after_digit = i > 0 && note[i - 1] >= '0' && note[i - 1] <= '9';
    const bool stop = c == '\n' || c == '!' || c == '?' || c == ';' ||
                      (c == '.' && !after_digit && (i + 1 == note.size() || note[i + 1] == ' ' || note[i + 1] == '\n'));
    if (!stop) continue;
    end_at(i);
    from = i + 1;
  }
  end_at(note.size());
  return out;
}

std::vector<Promise> promises_in(std::string_view note, Day written) {
  std::vector<Promise> out;
  for (const std::string_view sentence : sentences_of(note)) {
    if (sentence.size() > 600) continue;
    const std::string line = plain_line(sentence);
    const bool speaks = has(line, own);
    if (!speaks && (!has(line, bare) || has(line, others) || has(line, past))) continue;
    if (speaks && has(line, others)) continue;
    if (has(line, refused)) continue;
    if (const auto due = due_day(sentence, written)) out.push_back({*due, std::string(sentence)});
  }
  return out;
}

}  // namespace coachd::rules
