// Draws the forms of the city's nodes from their declarations: no node writes a field's HTML, check or search itself.
'use strict';
{
  const CITY = '@signalbox/node-red-city/city';
  const COLORS = { 'city sensors': '#A6D5C8', 'city rules': '#C9B8E8', 'city actuators': '#F2C27F' };
  /** Fields that several nodes have, with the one text of all of them. */
  const SHARED = ['name', 'asset', 'assets', 'lease', 'reason', 'source', 'topic'];

  const checks = window.SignalboxChecks;
  const picker = window.SignalboxPicker;
  const city = (key, values) => RED._(`${CITY}:${key}`, values);
  const input = (name) => $(`#node-input-${name}`);

  /** The key of a field's text: its own node's, or the shared one. */
  const textKey = (type, name) => (SHARED.includes(name) ? `${CITY}:form.${name}` : `${type}.form.${name}`);

  /** `J4, J5`: the last parts of the ids, for a label. */
  function shortNames(assets) {
    const names = (assets ?? []).map(picker.shortName);
    return names.length > 3 ? `${names.slice(0, 3).join(', ')} …` : names.join(', ');
  }

  const textField = (name, key) => `<input type="text" id="node-input-${name}" data-i18n="[placeholder]${key}Hint" />`;

  /**
   * The kinds of fields. `html` draws one, `check` says whether a value that is there is right, `prepare` brings it to
   * life once it is on the page, `read` gives the value to keep where Node-RED does not read the field itself.
   */
  const KINDS = {
    text: { icon: 'tag', empty: '', html: textField, check: checks.text },
    duration: { icon: 'hourglass-half', empty: '', html: textField, check: checks.duration },
    document: { icon: 'book', empty: '', html: textField, check: checks.document },
    word: { icon: 'filter', empty: '', html: textField, check: checks.name },
    choice: {
      icon: 'sliders',
      html: (name, key, { options }) =>
        `<select id="node-input-${name}">${options
          .map((option) => `<option value="${option}" data-i18n="${key}Options.${option}"></option>`)
          .join('')}</select>`,
      check: (value, { options }) => options.includes(value),
    },
    asset: {
      icon: 'map-marker',
      empty: '',
      html: (name, key) => `<div class="signalbox-search">${textField(name, key)}</div>${mapHtml(name)}`,
      check: checks.asset,
      prepare(_node, name, { types = [] }) {
        const field = input(name);
        const take = (id) => field.val(id).trigger('change');
        picker.searchable(
          field,
          picker.assetChoices(types, () => true),
          take,
        );
        prepareMap(name, types, {
          has: (id) => field.val() === id,
          toggle: (id) => take(field.val() === id ? '' : id),
          onChange: (listener) => field.on('change', listener),
        });
      },
    },
    assets: {
      icon: 'map-marker',
      empty: [],
      html: (name, key) =>
        `<div class="signalbox-search"><ul id="node-input-${name}-list" class="signalbox-chosen"></ul>
        <input type="text" id="node-input-${name}-search" data-i18n="[placeholder]${key}Hint" /></div>${mapHtml(name)}`,
      check: (value) => Array.isArray(value) && value.every(checks.asset),
      prepare: prepareAssets,
      read: (name) => input(`${name}-list`).data('chosen'),
    },
  };

  const mapHtml = (name) => `<div id="node-input-${name}-map" class="signalbox-map"></div>`;

  function prepareMap(name, types, chosen) {
    const draw = () => void picker.drawMap(input(`${name}-map`), types, chosen.has, chosen.toggle);
    chosen.onChange(draw);
    draw();
  }

  /** Several assets: the chosen ones as a list with a button each, a search field to add, the map to do either. */
  function prepareAssets(edited, name, { types = [] }) {
    const list = input(`${name}-list`);
    const search = input(`${name}-search`);
    const chosen = [...(edited[name] ?? [])];
    list.data('chosen', chosen);
    const toggle = (id) => {
      const at = chosen.indexOf(id);
      if (at < 0) chosen.push(id);
      else chosen.splice(at, 1);
      draw();
      list.trigger('change');
    };
    const draw = () => {
      list.empty();
      for (const id of chosen)
        $('<li>')
          .attr('title', id)
          .append($('<span>').text(picker.shortName(id)))
          .append(
            $('<button>', { type: 'button', 'aria-label': `${city('form.remove')} ${picker.shortName(id)}` })
              .text('×')
              .on('click', () => (toggle(id), search.trigger('focus'))),
          )
          .appendTo(list);
      search.toggleClass('input-error', chosen.length === 0);
    };
    const isFree = (id) => !chosen.includes(id);
    picker.searchable(search, picker.assetChoices(types, isFree), (id) => (toggle(id), search.val('')));
    // An id that the catalogue does not know yet can be typed.
    search.on('keydown', (event) => {
      if (event.key !== 'Enter' || !checks.asset(search.val().trim())) return;
      event.preventDefault();
      if (isFree(search.val().trim())) toggle(search.val().trim());
      search.val('');
    });
    const has = (id) => chosen.includes(id);
    prepareMap(name, types, { has, toggle, onChange: (listener) => list.on('change', listener) });
    draw();
  }

  /** The form's HTML; Node-RED translates it when it opens the form. */
  function formHtml(type, fields, hint) {
    const rows = Object.entries(fields).map(([name, field]) => {
      const kind = KINDS[field.kind];
      const key = textKey(type, name);
      const when = field.when
        ? ` data-when="${Object.keys(field.when)[0]}" data-is="${Object.values(field.when)[0]}"`
        : '';
      return `<div class="form-row signalbox-row"${when}><label for="node-input-${name}${
        field.kind === 'assets' ? '-search' : ''
      }"><i class="fa fa-${field.icon ?? kind.icon}"></i> <span data-i18n="${key}"></span></label>
        <div class="signalbox-field">${kind.html(name, key, field)}</div></div>`;
    });
    const tip = hint ? `<div class="form-tips" data-i18n="${hint}"></div>` : '';
    return `<div class="signalbox-form">${rows.join('')}${tip}</div>`;
  }

  /** Shows a field only while another one has the value that it belongs to. */
  function followConditions() {
    $('.signalbox-form [data-when]').each((_, row) => {
      const other = input($(row).attr('data-when'));
      const follow = () => $(row).toggle(other.val() === $(row).attr('data-is'));
      other.on('change', follow);
      follow();
    });
  }

  /** The check of one field: what is empty is right unless it is needed; the reason is shown at the field. */
  function validator(name, { kind, required = false, ...field }) {
    // Node-RED takes a text for a reason only from a function with two parameters; else every text counts as right.
    return function validate(value, _options) {
      const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
      if (isEmpty) return required ? city('wrong.needed') : true;
      return KINDS[kind].check(value, field) || city(`wrong.${kind}`);
    };
  }

  /**
   * What `RED.nodes.registerType` is told.
   *
   * @param type the node's type
   * @param declaration `category`, `version`, `inputs`, `outputs`, `fields` (name → kind, value, …), and optionally
   *   `outputNames`, `hint` (key of a text below the fields) and `labelOf` (the field that names the node best)
   */
  function node(type, { category, version, inputs, outputs, outputNames = [], fields, hint, labelOf }) {
    const all = { name: { kind: 'text' }, ...fields };
    $('<script>', { type: 'text/html', 'data-template-name': type })
      .text(formHtml(type, all, hint))
      .appendTo('body');
    const defaults = Object.fromEntries(
      Object.entries(all).map(([name, field]) => [
        name,
        { value: field.value ?? KINDS[field.kind].empty, validate: validator(name, field) },
      ]),
    );
    return {
      category,
      color: COLORS[category],
      icon: `${type}.svg`,
      defaults: { ...defaults, version: { value: version } },
      inputs,
      outputs,
      ...(category === 'city actuators' ? { align: 'right' } : {}),
      ...(outputNames.length > 0 ? { outputLabels: (index) => city(`outputs.${outputNames[index]}`) } : {}),
      paletteLabel: () => ownText(type, 'label'),
      label() {
        const named = labelOf && this[labelOf];
        return (
          this.name ||
          (Array.isArray(named) ? shortNames(named) : named && picker.shortName(named)) ||
          ownText(type, 'label')
        );
      },
      labelStyle() {
        return this.name ? 'node_label_italic' : '';
      },
      oneditprepare() {
        picker.forget();
        for (const [name, field] of Object.entries(all)) {
          // A field that is newer than the saved node begins with its default.
          if (this[name] === undefined && field.value !== undefined) input(name).val(field.value);
          KINDS[field.kind].prepare?.(this, name, field);
        }
        followConditions();
      },
      oneditsave() {
        for (const [name, field] of Object.entries(all)) {
          const { read } = KINDS[field.kind];
          if (read) this[name] = read(name);
        }
        this.version = version;
      },
    };
  }

  /** The fields of a claim. */
  const CLAIM = { lease: { kind: 'duration', value: '10 min' }, reason: { kind: 'text', icon: 'comment-o' } };

  const ownText = (type, key) => RED._(`@signalbox/node-red-city/${type}:${type}.${key}`);

  window.SignalboxForms = { node, CLAIM, LEASE_RULE: `${CITY}:form.leaseRule` };
}
