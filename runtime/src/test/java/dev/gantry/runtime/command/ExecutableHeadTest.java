package dev.gantry.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutableHeadTest {
    private static ExecutableHead script(String text) {
        return ExecutableHead.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "'#!/bin/sh\n', /bin/sh",
                "'#! \t/bin/sh -e x\n', /bin/sh",
                "'#!/bin/sh', /bin/sh",
                "'#!\n/bin/sh', none",
                "'echo', none",
                "'', none",
            })
    void findsTheInterpreterOfAScript(String text, String interpreter) {
        assertThat(script(text).interpreter()).isEqualTo(interpreter);
        assertThat(script(text).foreignMachine()).isNull();
    }

    private static byte[] elf(boolean wide, ByteOrder order, int machine) {
        byte[] content = new byte[512];
        ByteBuffer file = ByteBuffer.wrap(content).order(order);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), (byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1)
        });
        file.putShort(18, (short) machine);
        if (wide) {
            file.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
            file.putInt(64, 3).putLong(64 + 8, 300).putLong(64 + 32, 8);
        } else {
            file.putInt(28, 64).putShort(42, (short) 32).putShort(44, (short) 1);
            file.putInt(64, 3).putInt(64 + 4, 300).putInt(64 + 16, 8);
        }
        file.put(300, "/loader\0".getBytes(StandardCharsets.US_ASCII));
        return content;
    }

    @ParameterizedTest
    @CsvSource({"true,22,s390x", "false,40,arm", "false,3,386", "true,4660,machine 4660"})
    void findsTheLoaderAndTheProcessorOfAProgram(boolean wide, int machine, String name) {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ExecutableHead head = ExecutableHead.of(elf(wide, order, machine));

            assertThat(head.interpreter()).isEqualTo("/loader");
            assertThat(head.foreignMachine()).isEqualTo(name);
        }
    }

    @Test
    void survivesAnyContent() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] file = elf(random.nextBoolean(), ByteOrder.LITTLE_ENDIAN, 62);
            for (int change = 0; change < 6; change++) {
                file[4 + random.nextInt(140)] = (byte) random.nextInt();
            }
            assertThatCode(() -> ExecutableHead.of(file)).doesNotThrowAnyException();
        }
    }
}
