// A hundred rules broken by hand: each is refused for its own reason, at its own place, and the sound ones are not.
import { describe, expect, test } from 'vitest';

import { BROKEN, CITY, SOUND, type Break } from './broken-rules.testsuite.ts';
import { parseRule } from './parse-rule.ts';

const broken = ([rule, was, is]: Break): string => {
  const text = SOUND[rule].replace(was, () => is);
  if (text === SOUND[rule]) throw new Error(`there is no ${was} in ${rule}`);
  return text;
};

test.each(Object.entries(SOUND))('the %s rule is sound', (_, text) => {
  expect(parseRule(text, CITY)).toMatchObject({ ok: true, warnings: [] });
});

test('there are at least a hundred, no two alike', () => {
  const all = Object.values(BROKEN).flat();
  expect(new Set(all.map(broken)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(100);
});

/** A short title for the list of tests. */
const titled = (breaks: readonly Break[]) =>
  breaks.map((one) => ({ one, title: `${one[0]}, ${one[1].slice(0, 40)} → ${one[2].slice(0, 60)}: ${one[3]}` }));

describe.each(Object.entries(BROKEN))('what %s is refused', (_, breaks) => {
  test.each(titled(breaks))('$title', ({ one }) => {
    const [, , , ...expected] = one;
    const result = parseRule(broken(one), CITY);
    const problems = result.ok ? [] : result.problems;
    expect(problems.map(({ code, path, line }) => `${code} ${path} ${line}`)).toEqual(expected);
    for (const { column, found, allowed } of problems)
      expect([column, found, allowed]).toEqual([expect.any(Number), expect.any(String), expect.any(String)]);
  });
});

test('the texts stay as they are', () => {
  const texts = Object.values(BROKEN)
    .flat()
    .map((one) => {
      const result = parseRule(broken(one), CITY);
      const [{ message, fix } = { message: 'accepted' }] = result.ok ? [] : result.problems;
      return `${message.slice(0, 240)}${fix ? ` → ${JSON.stringify(fix.value)}` : ''}`;
    });
  expect(texts.join('\n')).toMatchInlineSnapshot(`
    "found "onUnknown"; a comma is missing before this
    found }; allowed is the name of a field in double quotes; after the last field there is no comma
    found %; allowed is a number, true, false, or a text in double quotes; 80 % is written 0.8
    found ,; allowed is a value; after the last one there is no comma
    found 2; a colon is missing between a field’s name and its value
    found for; allowed is a number, true, false, or a text in double quotes
    found 'for'; allowed is a number, true, false, or a text in double quotes
    found // short; JSON has no comments
    found NaN; allowed is a number, true, false, or a text in double quotes
    found "for"; this field stands in the same object already
    found "operator"; this field stands in the same object already
    a document id is <department>/<name> in lower-case letters, digits and hyphens; found "press"
    a document id is <department>/<name> in lower-case letters, digits and hyphens; found "Waste/Press"
    allowed is string; found nothing
    allowed is at least 1 character; found ""
    there is no such field here; did you mean "title"?; found "x"
    allowed is a number with a unit (ms, s, min, h, d) such as "3 min", or ISO 8601 such as "PT3M", longer than nothing and at most 366 days; found "2 weeks"
    allowed is string; found 2
    allowed is a number with a unit (ms, s, min, h, d) such as "3 min", or ISO 8601 such as "PT3M", longer than nothing and at most 366 days; found "0 s"
    allowed is one of "release", "hold"; found "fire"
    allowed is one of workday, saturday, sunday, holiday, or the id of a calendar: <department>/<name>; found "schoolday"
    allowed is "workday", "weekend", array; found "weekdays"
    allowed are days, calendar and between, at least one of them; found {"timeZone":"Europe/London"}
    there is no such field here; did you mean "zone"?; found ["harbour"]
    allowed is at least 1 entry; found []
    an asset id is urn:ngsi-ld:<Type>:<name>; found "bin 7"
    allowed is array, object; found "bin 7"
    a department is 2 to 32 lower-case letters, digits and hyphens, beginning with a letter; found "Waste"
    what a rule does stands in "actions"; found {"type":"x"}
    a rule is data and cannot carry code; found "() => 1"
    allowed is number, boolean, string, array, object; found null
    allowed is string; found 7
    allowed is number, boolean, string, array, object; found nothing
    allowed is string; found nothing
    allowed is string; found ["equal"]
    rules do not wait for one another; an action’s "slot" says whose wish counts; found 5
    allowed is object; found "fillingLevel > 0.8"
    allowed is object; found []
    allowed is at least 1 entry; found []
    exactly one of set, atLeast and atMost; found {"point":"compaction","maxDuration":"60 s"}
    exactly one of set, atLeast and atMost; found {"point":"compaction","set":"compacting","atMost":"idle","ma…
    allowed is at least 10; found 5
    allowed is at most 16; found 17
    there is no such field here; there are atLeast, atMost, done, dueBy, maxDuration, notify, of, order, point, ramp, set, slot, webhook; found "06:00"
    an attribute is its name, or <relation>.<name>; found "approach..reliefPlan"
    allowed is a number with a unit (ms, s, min, h, d) such as "3 min", or ISO 8601 such as "PT3M", longer than nothing and at most 366 days; found "three minutes"
    allowed is one of "min", "max", "avg", "median", "any", "all", "count"; found "most"
    allowed is one of "min", "max", "avg", "sum", "count", "delta", "rate", "p95"; found "mean"
    there is no such field here; there are across, aggregate, maxAge, name, of, window; found "x"
    a name is 1 to 64 letters, digits, _ or -, beginning with a letter, or a document id is <department>/<name> in lower-case letters, digits and hyphens; found "so dark"
    there is no such field here; it stands in a condition of its own; found true
    an empty all would always be true; found []
    an empty any would never be true; found []
    found {"not":{"not":{"fact":"fillingLevel","operator":"greaterThan…; at most 8 of all, any, not and named conditions may stand within one another
    found {"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"no…; at most 8 of all, any, not and named conditions may stand within one another
    found nothing; the text is nested too deeply to be read
    allowed is at most 64 entries; found [{"fact":"fillingLevel","operator":"greaterThanInclusive","v…
    found "302 comparisons"; allowed is at most 256, those of named conditions included
    found "301 comparisons"; allowed is at most 256, those of named conditions included
    found "deep8"; at most 8 of all, any, not and named conditions may stand within one another
    found "there"; it comes back to itself: water/there → water/back → water/there
    found "back"; it comes back to itself: water/back → water/there → water/back
    found "drak"; allowed is one of back, dark, deep0, deep1, deep2, deep3, deep4, deep5, deep6, deep7, deep8, huge, rush, there → "dark"
    found "traffic/dark"; allowed is one of lighting/dark, traffic/rush, waste/rush, water/back, water/deep0, water/deep1, water/deep2, water/deep3, water/deep4, water/deep5, water/deep6, water/deep7, water/deep8, water/huge, water/there
    found "rush"; several have this name: write one of traffic/rush, waste/rush
    found "schoolday"; allowed is one of workday, saturday, sunday, holiday
    found "press"; a WasteContainer has no point "press"; allowed is one of compaction
    found "fillingLvl"; allowed is one of LAeq, activePower, averageVehicleSpeed, batteryLevel, controlMode, door, fillingLevel, illuminance, intensity, lampFailure, manualControl, motion, no2, occupancy, pm10, pm25, policeKey, precipitation, q → "fillingLevel"
    found "1 h"; the fact "sun.elevation" takes no window; allowed is one of across, of
    found "fillingLvel"; allowed is attribute, sun.elevation, sun.isUp, time.local, calendar, calendar.includes, silentFor, reported, desired, activation or a property: LAeq, activePower, averageVehicleSpeed, batteryLevel, controlMode, door, fi → "fillingLevel"
    found "__proto__"; allowed is attribute, sun.elevation, sun.isUp, time.local, calendar, calendar.includes, silentFor, reported, desired, activation or a property: LAeq, activePower, averageVehicleSpeed, batteryLevel, controlMode, door, fill
    found nothing; the fact "attribute" needs params.name
    found "x"; a property takes no name
    found ">="; allowed is one of equal, greaterThan, greaterThanInclusive, in, lessThan, lessThanInclusive, notEqual, notIn → "greaterThanInclusive"
    found "greaterThen"; allowed is one of equal, greaterThan, greaterThanInclusive, in, lessThan, lessThanInclusive, notEqual, notIn → "greaterThan"
    found "constructor"; allowed is one of equal, greaterThan, greaterThanInclusive, in, lessThan, lessThanInclusive, notEqual, notIn
    found "matchesRegex"; regular expressions are not run here; allowed is one of equal, greaterThan, greaterThanInclusive, in, lessThan, lessThanInclusive, notEqual, notIn
    found "never:equal"; there is no decorator "never" to stand before an operator; allowed is one of everyFact, everyValue, not, someFact, someValue, swap
    found "nott:equal"; there is no decorator "nott" to stand before an operator; allowed is one of everyFact, everyValue, not, someFact, someValue, swap → "not:equal"
    found "not:inn"; allowed is one of equal, greaterThan, greaterThanInclusive, in, lessThan, lessThanInclusive, notEqual, notIn → "not:in"
    a fact is one value, there is nothing in it to point to, and no JSONPath is ever run: leave "path" out; found "$..level"
    a fact is one value, there is nothing in it to point to, and no JSONPath is ever run: leave "path" out; found "/level"
    found "queueabove"; an Approach has no attribute "queueabove"; allowed is one of queueAbove, reliefPlan → "queueAbove"
    found "approach/detector"; an Approach has no relation "detector"; allowed is one of detectors → "approach/detectors"
    found "aproach/detectors"; a TrafficController has no relation "aproach"; allowed is one of approach, coordinated → "approach/detectors"
    found "$.approach"; allowed is self, approach, approach/detectors, near:50m/Streetlight, zone:river-path/LightSensor, urn:ngsi-ld:WeatherStation:harbour
    found "zone:harbour-street"; allowed is zone:<zone>/<Type>, such as zone:river-path/LightSensor
    found "approaches"; a TrafficController has no relation "approaches"; allowed is one of approach, coordinated → "approach"
    found "approach.plan"; an Approach has no attribute "plan"; allowed is one of queueAbove, reliefPlan
    found "arm.reliefPlan"; a TrafficController has no relation "arm"; allowed is one of approach, coordinated
    found "timeplan"; a TrafficController has no point "timeplan"; allowed is one of emergencyRoute, functionalPosition, timePlan → "timePlan"
    found "level"; a WasteContainer has no point "level"; allowed is one of compaction
    found "near:50/Streetlight"; allowed is near:<metres>m/<Type>, metres more than 0 and without a space, such as near:50m/Streetlight
    found "level"; a LightSensor has no point "level"; none is defined
    found "someFact:greaterThanInclusive"; "someFact" goes through a list of facts, and a fact is one value: several assets become one by params.across, and "someValue" goes through a list of values
    found "doesNotContain"; "doesNotContain" looks into a fact that is a list, and a fact is one value: "notIn" looks into a list of values → "notIn"
    found "everyValue:notIn"; "notIn" needs a whole list, and here it is given one value at a time
    found "not:swap:someValue:equal"; after "swap" the fact stands where "someValue" needs a list, and a fact is one value
    found "not:not:not:swap:swap:equal"; allowed are at most 4 decorators before an operator → "notEqual"
    found "closed"; "someValue:equal" needs a list of values → ["closed"]
    found "swap:lessThan"; "swap:lessThan" compares numbers, and door is one of open, closed; allowed is one of equal, in, notEqual, notIn
    found "someValue:greaterThan"; "someValue:greaterThan" compares numbers, and status is one of ok, lidOpen, dropped, moved, vandalized, burning, unknown; allowed is one of equal, in, notEqual, notIn
    found {"fact":"attribute","params":{"of":"approach","name":"queueA…; "everyValue:greaterThan" needs a list of values
    found 80; allowed is a number from 0 to 1; 80 % is written 0.8 → 0.8
    found "80 %"; allowed is a number from 0 to 1; did you mean 0.8? → 0.8
    found -0.1; allowed is a number from 0 to 1
    found true; allowed is a number from 0 to 1
    found "Moved"; allowed is one of ok, lidOpen, dropped, moved, vandalized, burning, unknown; did you mean "moved"? → "moved"
    found ["burning",7]; a list holds values of one kind: numbers, words, or true and false
    found "burning"; "notIn" needs a list of values → ["burning"]
    found ["closed"]; "equal" needs one value; for a list there are in, notIn, someValue: and everyValue:
    found "shut"; allowed is one of open, closed
    found "lessThan"; "lessThan" compares numbers, and door is one of open, closed; allowed is one of equal, in, notEqual, notIn
    found {"fact":"fillingLevel"}; door is one of open, closed, fillingLevel is a number from 0 to 1: they cannot be compared
    found {"fact":"temperature"}; fillingLevel is a share of 1, temperature is in Cel: they cannot be compared
    found "greaterThan"; "greaterThan" compares numbers, and motion is true or false; allowed is one of equal, in, notEqual, notIn
    found "true"; allowed is true or false; did you mean true? → true
    found "1 min"; of motion, which is no number, a window has only its count
    found "max"; an aggregate needs a window
    found "1 h"; an attribute is fixed: it has no window and no age
    found "approach/detectors"; these can be several assets: "across" says how their values become one
    found "any"; "any" is for true and false, which occupancy is not
    found "approach"; these can be several assets: "across" says how their values become one
    found 80; allowed is a number from 0 to 1; 80 % is written 0.8 → 0.8
    found "motion"; the fact is true or false, the point takes a number
    found "dimming%"; allowed is attribute, sun.elevation, sun.isUp, time.local, calendar, calendar.includes, silentFor, reported, desired, activation or a property: LAeq, activePower, averageVehicleSpeed, batteryLevel, controlMode, door, filli
    found "approach/detectors"; these can be several assets: "across" says how their values become one
    found "full"; allowed is a number from 0 to 1
    found "2 h"; allowed is at most 1 h → "1 h"
    found "2 s"; compaction is no number: it has nothing to glide through
    found "compacting"; "atLeast" is for numbers; for compaction there is "set"
    found "pressing"; allowed is one of idle, compacting
    found "pressAt"; the attribute is a number, the point takes a word
    found 2.5; allowed is a whole number from 1 to 255
    found "batteryLevel greaterThan fillingLevel"; it can never be true together with fillingLevel greaterThanInclusive batteryLevel at /conditions/all/0
    found "fillingLevel lessThan batteryLevel"; it can never be true together with fillingLevel greaterThanInclusive batteryLevel at /conditions/all/0
    found "fillingLevel notEqual fillingLevel"; it can never be true: both are the same fact
    found "time.local lessThan 1321"; it can never be true together with time.local greaterThan 1320 at /conditions/all/0
    found "fillingLevel not:greaterThan 0.3"; it can never be true together with fillingLevel greaterThanInclusive 0.8 at /conditions/all/0
    found "fillingLevel everyValue:equal [0.8, 0.9]"; it can never be true: fillingLevel is a number from 0 to 1
    found "door not:swap:contains [closed, open]"; it can never be true: door is one of open, closed
    found "fillingLevel greaterThan 1"; it can never be true: fillingLevel is a number from 0 to 1
    found "fillingLevel lessThan 0.3"; it can never be true together with fillingLevel greaterThanInclusive 0.8 at /conditions/all/0
    found "door equal \\"closed\\""; it can never be true together with door equal "open" at /conditions/all/0/all/0
    found "door equal \\"closed\\""; it can never be true together with not door equal "closed" at /conditions/all/0/not/any/0
    found "status notIn [burning, dropped, lidOpen, moved, ok, unknown…; it can never be true: status is one of ok, lidOpen, dropped, moved, vandalized, burning, unknown
    found "status notIn [burning, moved]"; it can never be true together with status in [moved] at /conditions/all/0
    found "temperature lessThan 3"; it can never be true together with temperature greaterThan 5 at /conditions/all/0/any/1/all/0
    found "not illuminance lessThan 10"; it can never be true together with illuminance lessThan 10 at /conditions/all/1"
  `);
});
