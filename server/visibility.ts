// What of the city one person may see: the departments where they may read.
import { may, type Actor } from '../engine/model/actor.ts';
import type { CitySnapshot, LiveEvent } from '../engine/model/live.ts';
import { splitPointKey } from '../engine/model/names.ts';
import { departmentOf } from '../engine/model/rule.ts';
import type { AssetDirectory } from './asset-directory.ts';
import type { LiveView } from './live.ts';

/** True when the actor may read the department's things. */
export const mayRead = (actor: Actor, department: string): boolean => may(actor, 'read', department).allowed;

/** May the actor see this restraint? */
export const seesRestraint = (actor: Actor, id: string): boolean =>
  isSeen(id, (department) => mayRead(actor, department));

/** The part of the city that the actor may see. What belongs to an asset that nobody knows is seen city-wide only. */
export function viewOf(actor: Actor, directory: AssetDirectory): LiveView {
  const answers = new Map<string, boolean>();
  const reads = (department: string): boolean => {
    const answer = answers.get(department) ?? mayRead(actor, department);
    answers.set(department, answer);
    return answer;
  };
  // Roles in `*` hold in every department, so any name tells.
  const readsAll = (actor.roles['*'] ?? []).length > 0 && reads('*');
  const seesAsset = (id: string): boolean => {
    const department = directory.get(id)?.department;
    return department === undefined ? readsAll : reads(department);
  };
  const seesPoint = (point: string): boolean => seesAsset(splitPointKey(point).asset);
  return {
    sees: (event) => readsAll || seesEvent(event, { reads, seesAsset, seesPoint }),
    narrow: (city) => (readsAll ? city : narrow(city, { reads, seesAsset, seesPoint })),
  };
}

interface Eyes {
  reads: (department: string) => boolean;
  seesAsset: (id: string) => boolean;
  seesPoint: (point: string) => boolean;
}

function seesEvent(event: LiveEvent, { reads, seesAsset, seesPoint }: Eyes): boolean {
  switch (event.event) {
    case 'asset':
    case 'decision':
    case 'order':
    case 'alarm':
    case 'halt':
    case 'schedule':
    case 'confirmation':
      return reads(event.data.department);
    case 'restraint':
      return isSeen(event.data.id, reads);
    case 'fact':
      return seesAsset(event.data.asset);
    case 'point':
      return seesPoint(event.data.point);
    case 'activation':
      return reads(departmentOf(event.data.rule));
    case 'command':
      return reads(event.data.command.department);
    case 'gone':
      // Only a name that the page either knows already or can do nothing with.
      return true;
  }
}

/** What concerns all departments concerns everybody. */
const isSeen = (id: string, reads: Eyes['reads']): boolean => departmentOf(id) === '*' || reads(departmentOf(id));

const narrow = (city: CitySnapshot, { reads, seesAsset, seesPoint }: Eyes): CitySnapshot => ({
  at: city.at,
  assets: city.assets.filter((asset) => reads(asset.department)),
  facts: city.facts.filter((fact) => seesAsset(fact.asset)),
  points: city.points.filter((point) => seesPoint(point.point)),
  activations: city.activations.filter((activation) => reads(departmentOf(activation.rule))),
  decisions: city.decisions.filter((decision) => reads(decision.department)),
  commands: city.commands.filter((record) => reads(record.command.department)),
  ...(city.halts ? { halts: city.halts.filter((halt) => reads(halt.department)) } : {}),
  ...(city.schedules ? { schedules: city.schedules.filter((schedule) => reads(schedule.department)) } : {}),
  ...(city.alarms ? { alarms: city.alarms.filter((alarm) => reads(alarm.department)) } : {}),
  ...(city.restraints ? { restraints: city.restraints.filter(({ id }) => isSeen(id, reads)) } : {}),
  ...(city.confirmations ? { confirmations: city.confirmations.filter((one) => reads(one.department)) } : {}),
  ...(city.orders ? { orders: city.orders.filter((order) => reads(order.department)) } : {}),
});
