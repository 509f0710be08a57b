import { defaultSettings, type Settings } from '../core/settings';
import { OtherEditors } from './OtherEditors';
import { useObservable, useServices, useTexts } from './services';
import { SelfCheck } from './SelfCheck';
import { Checkbox, Dropdown } from './spectrum';

export function SettingsPage() {
  const services = useServices();
  const texts = useTexts();
  const { selfCheck, notesLayers } = services.platform;
  const settings = useObservable(services.settings);
  const connection = useObservable(services.connection);
  const address = useObservable(services.address);
  const change = (part: Partial<Settings>) =>
    services.settings.update((all) => ({ ...all, ...part }));
  const languages = ['auto', 'en', 'ko'] as const;
  const faceChoices = ['all', 'largest'] as const;
  return (
    <div class="page">
      <div class="section">
        <div class="control">
          <span class="control-label">{texts.settings.language}</span>
          <Dropdown
            label={texts.settings.language}
            value={settings.language}
            choices={languages.map((value) => ({ value, label: texts.settings.languages[value] }))}
            onChange={(value) =>
              change({
                language: languages.find((known) => known === value) ?? defaultSettings.language,
              })
            }
          />
        </div>
        <div class="control">
          <span class="control-label">{texts.settings.faces}</span>
          <Dropdown
            label={texts.settings.faces}
            value={settings.faces}
            choices={faceChoices.map((value) => ({
              value,
              label: texts.settings.faceChoices[value],
            }))}
            onChange={(value) =>
              change({
                faces: faceChoices.find((known) => known === value) ?? defaultSettings.faces,
              })
            }
          />
        </div>
        {notesLayers && (
          <div class="control" title={texts.settings.notesLayersHint}>
            <Checkbox
              checked={settings.notesLayers}
              onChange={(checked) => change({ notesLayers: checked })}
            >
              {texts.settings.notesLayers}
            </Checkbox>
          </div>
        )}
      </div>
      <div class="section">
        <div class="fact">
          <span class="fact-name">{texts.settings.device}</span>
          <span>{connection.kind === 'ready' ? connection.capabilities.provider.device : '–'}</span>
        </div>
        <div class="fact">
          <span class="fact-name">{texts.settings.address}</span>
          <span>{address.replace(/\/$/, '')}</span>
        </div>
        <p class="muted small">{texts.settings.private}</p>
      </div>
      <OtherEditors />
      {selfCheck && <SelfCheck check={selfCheck} />}
      <div class="section">
        <p class="heading">{texts.settings.keys}</p>
        {texts.settings.keyList.map(([key, meaning]) => (
          <div key={key} class="fact">
            <span class="fact-name">{key}</span>
            <span>{meaning}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
