/**
 * What the callers of the turn benchmark say. `|` marks a place where one who stops is plainly not done, `~` a place where
 * the words so far could have been all; in numbers and addresses every `|` ends a group.
 */
export type SayingKind = 'anything' | 'digits' | 'email';

export const sayings: Readonly<Record<SayingKind, readonly string[]>> = {
  anything: [
    'I would like to | know when the | library opens ~ on Sundays',
    'Where can I | leave my bicycle ~ during the concert?',
    'My train was | late and I | missed the last bus ~ to the village',
    'Could you | send somebody ~ to look at the boiler?',
    'The red suitcase with | the broken handle belongs to | my sister',
    'Do you sell | tickets for | children ~ at the door?',
    'I want to | move my | lesson ~ to next Tuesday',
    'There is | water coming through | the ceiling ~ of the kitchen',
    'How long does | the journey take ~ by boat?',
    'We need | two rooms with | a view ~ for the weekend',
    'My name is | Peter Novak and I | ordered a desk ~ three weeks ago',
    'Is the museum | open tomorrow?',
    'I think I | left my umbrella in | your office ~ this morning',
    'Can I | bring my | dog ~ to the appointment?',
    'Yes please',
    'No thank you',
    'On Thursday ~ in the afternoon',
    'The second one',
    'What does | a family ticket | cost ~ for one day?',
    'Please cancel | my subscription ~ to the newspaper',
    'The lamp in | the hallway | flickers ~ since yesterday',
    'Who do I | talk to about | a lost key?',
  ],
  digits: [
    'three one | seven five | two oh | six eight',
    'it is | four one five | two six seven | nine eight oh one',
    'nine nine | four two | one one | seven three',
    'my number is | two oh six | five five five | oh one four seven',
    'six six one | three oh nine | four four eight two',
    'eight two five three | one oh oh seven | four four six one | nine two three eight',
  ],
  email: [
    'peter | dot novak | at | example | dot com',
    'it is | info | at | blue house | dot org',
    'my address is | maria | underscore | lopez | at | mail | dot net',
    'anna | seven seven | at | post | dot com',
    'office | at | green garden | dot co | dot uk',
  ],
};
