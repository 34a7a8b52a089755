// English words for stand-downs and for what is out of service.
/** The words. */
export const restraintsEn = {
  standDown: 'Stand down…',
  title: 'Stand down',
  explain:
    'From one second on only safe values leave the box: controllers run their own programme, lamps go to 100 %, compactors stop. Two people end it. It is no emergency stop: what endangers somebody must be switched off at the device.',
  department: 'Department',
  zone: 'Zone',
  type: 'Type',
  all: 'all',
  concerns: (assets: number, points: number) =>
    `${points === 1 ? '1 point' : `${points} points`} of ${assets === 1 ? '1 asset' : `${assets} assets`}`,
  reason: 'Reason',
  hold: 'Hold for 2 s to stand down',
  keepHolding: 'Keep holding…',
  pressed:
    'It holds: from one second after the press only safe values leave the box. How far the points have come stands above.',
  notRecorded: 'It holds, but the database does not have it yet.',
  cancel: 'Cancel',
  stoodDown: (scope: string) => `Stood down: ${scope}`,
  city: 'the whole city',
  owner: 'a stand-down',
  by: (name: string, reason: string) => `by ${name}: ${reason}`,
  safe: (safe: number, all: number) => `${safe} of ${all} points report their safe value`,
  underWay: (count: number) => `${count} told and not there yet`,
  waiting: (count: number) => `${count} not told yet: no engine has taken it up`,
  unknown: (count: number) => `${count} told, nothing reported`,
  asked: (names: string) => `${names} asked for its end; another person must ask too`,
  end: 'End',
  endTogether: 'End (two people)',
  outOfService: 'Out of service',
  takeOut: 'Take out of service',
  takeOutExplain: 'Nothing leaves the box for it but a stop, and its alarms are mute. You end it, or two others.',
  of: (asset: string) => `with ${asset}`,
};
