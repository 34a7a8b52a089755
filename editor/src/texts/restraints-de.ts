// German words for stand-downs and for what is out of service.
import type { restraintsEn } from './restraints-en.ts';

/** The words. */
export const restraintsDe: typeof restraintsEn = {
  standDown: 'Stillsetzen…',
  title: 'Stillsetzen',
  explain:
    'Ab einer Sekunde danach verlassen nur noch sichere Werte die Box: Steuergeräte laufen nach eigenem Programm, Leuchten gehen auf 100 %, Pressen halten an. Zwei Personen heben es auf. Es ist kein Not-Halt: Was jemanden gefährdet, muss am Gerät abgeschaltet werden.',
  department: 'Amt',
  zone: 'Zone',
  type: 'Art',
  all: 'alle',
  concerns: (assets, points) =>
    `${points === 1 ? '1 Stellpunkt' : `${points} Stellpunkte`} an ${assets === 1 ? '1 Objekt' : `${assets} Objekten`}`,
  reason: 'Grund',
  hold: '2 s halten zum Stillsetzen',
  keepHolding: 'Weiter halten…',
  pressed:
    'Es gilt: Ab einer Sekunde nach dem Drücken verlassen nur noch sichere Werte die Box. Wie weit die Stellpunkte sind, steht oben.',
  notRecorded: 'Es gilt, steht aber noch nicht in der Datenbank.',
  cancel: 'Abbrechen',
  stoodDown: (scope) => `Stillgesetzt: ${scope}`,
  city: 'die ganze Stadt',
  owner: 'Stillsetzung',
  by: (name, reason) => `von ${name}: ${reason}`,
  safe: (safe, all) => `${safe} von ${all} Stellpunkten melden ihren sicheren Wert`,
  underWay: (count) => `${count} angewiesen und noch nicht dort`,
  waiting: (count) => `${count} noch nicht angewiesen: keine Engine hat es aufgenommen`,
  unknown: (count) => `${count} angewiesen, keine Meldung`,
  asked: (names) => `Aufheben verlangt von ${names}; eine zweite Person muss es auch verlangen`,
  end: 'Aufheben',
  endTogether: 'Aufheben (zu zweit)',
  outOfService: 'Außer Betrieb',
  takeOut: 'Außer Betrieb nehmen',
  takeOutExplain:
    'Nichts außer einem Halt verlässt die Box dafür, und seine Meldungen sind stumm. Sie heben es auf, oder zwei andere.',
  of: (asset) => `mit ${asset}`,
};
