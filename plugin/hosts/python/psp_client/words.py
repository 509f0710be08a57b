"""What hosts say, in the user's language: English, or Korean where it is asked for.

English sentences are their own keys; what the bridge declares is translated in operations.json.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from .declarations import is_another_person

LANGUAGES = ('en', 'ko')


class Setting(NamedTuple):
    label: str
    hint: str


FILES_ARE_NOTED = Setting(
    'Saved files say how layers were made',
    'Operation, model, seed and settings of every new layer in the XMP, and that the picture is composed with '
    'generated parts (IPTC digital source type).',
)

TURNED_FAR = (
    'This head is turned far, and half of it is not to be seen: what is drawn of it may look like somebody else. '
    'A photograph taken more from the front keeps the person better.'
)

_KOREAN = {
    'Operation': '작업',
    'Model': '모델',
    'Automatic': '자동',
    'Name of an installed model; empty takes the best that fits.': '설치된 모델의 이름. 비우면 가장 알맞은 것을 씁니다.',
    'Faces': '얼굴',
    'Face': '얼굴',
    'All faces': '모든 얼굴',
    'The largest face': '가장 큰 얼굴',
    'One face, by its number': '번호로 고른 얼굴 하나',
    'None: the whole layer': '없음: 레이어 전체',
    'Which of the faces that are found get a layer.': '찾은 얼굴 가운데 레이어를 만들 얼굴.',
    'Face number': '얼굴 번호',
    'Counted from 1, the largest first.': '가장 큰 얼굴이 1입니다.',
    FILES_ARE_NOTED.label: '저장한 파일에 레이어를 만든 방법 남기기',
    FILES_ARE_NOTED.hint: (
        '새 레이어의 작업, 모델, 시드와 설정을 XMP에 적고, 생성한 부분과 합성한 그림임(IPTC digital source type)을 밝힙니다.'
    ),
    'Part': '부분',
    'What of the chosen faces is selected.': '고른 얼굴에서 선택할 부분.',
    'Selection': '선택',
    'What becomes of what is selected already.': '이미 선택한 것을 어떻게 할지.',
    'New selection': '새 선택',
    'Add to the selection': '선택에 더하기',
    'Take away from the selection': '선택에서 빼기',
    'Select a part of a face': '얼굴의 한 부분 선택',
    'Selects eyes, brows, mouth, face, skin, hair or glasses of the faces in the selected layers.': (
        '선택한 레이어에 있는 얼굴의 눈, 눈썹, 입, 얼굴, 피부, 머리카락 또는 안경을 선택합니다.'
    ),
    'Not found here: {part}. The selection is as it was.': '여기에서 찾지 못함: {part}. 선택은 그대로입니다.',
    'Select': '선택',
    'Selects that part of the chosen faces, instead of what is selected.': '지금 선택 대신 고른 얼굴의 그 부분을 선택합니다.',
    'Back': '이전 선택',
    'What was selected before.': '이전에 선택한 것.',
    'Find faces': '얼굴 찾기',
    'New seed': '새 시드',
    'Run': '실행',
    'Cancel': '취소',
    'Preview': '미리보기',
    'Open a picture and select the layer that shows a face.': '그림을 열고 얼굴이 보이는 레이어를 선택하세요.',
    'Starting the bridge': '브리지를 켜는 중',
    'Looking for faces': '얼굴을 찾는 중',
    'No face was found.': '얼굴을 찾지 못했습니다.',
    'Waiting': '기다리는 중',
    'Aligning the face': '얼굴을 맞추는 중',
    'Encoding': '읽는 중',
    'Decoding': '그리는 중',
    'Pasting back': '합치는 중',
    'Working': '작업 중',
    TURNED_FAR: (
        '머리가 많이 돌아가 있어 절반은 보이지 않으므로, 그려지는 부분이 다른 사람처럼 보일 수 있습니다. 정면에 가까운 사진일수록 더 본인답습니다.'
    ),
    'Another person: likeness {percent} %': '다른 사람: 닮음 {percent} %',
    'Some layers were left out:': '결과를 만들지 못한 레이어:',
    'Done.': '끝났습니다.',
    'Ready.': '준비되었습니다.',
    '{seconds} s left': '{seconds}초 남음',
    'for {place} others': '앞에 {place}개',
}

_STAGES = {
    None: 'Waiting',
    'align': 'Aligning the face',
    'encode': 'Encoding',
    'decode': 'Decoding',
    'paste': 'Pasting back',
}


class Words:
    def __init__(self, system_language: str):
        """`system_language` is what the editor speaks, as "ko_KR" or "ko-KR"."""
        wanted = system_language[:2].lower()
        self.language = wanted if wanted in LANGUAGES else 'en'

    def of_another_person(self, likeness: Optional[float]) -> Optional[str]:
        """What there is to say where the face-recognition network sees somebody else; likeness in 0..1."""
        if likeness is None or not is_another_person(likeness):
            return None
        return self.say('Another person: likeness {percent} %', percent=round(100 * likeness))

    def say(self, english: str, **values: object) -> str:
        text = _KOREAN.get(english, english) if self.language == 'ko' else english
        return text.format(**values) if values else text

    def progress(self, stage: str | None, place: int, remaining: float | None) -> str:
        """A stage of a newer bridge is work of some kind."""
        parts = [self.say(_STAGES.get(stage, 'Working'))]
        if place:
            parts.append(self.say('for {place} others', place=place))
        if remaining is not None and remaining >= 1:
            parts.append(self.say('{seconds} s left', seconds=f'{remaining:.0f}'))
        return ', '.join(parts)
