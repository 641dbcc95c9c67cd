package org.gradus.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class MountPointsTest {

    /** From a container that was given a file and a folder, names with blank, backslash and umlaut among them. */
    private static final String LIST = """
            583 459 0:52 / / rw,relatime master:196 - overlay overlay rw,lowerdir=/var/lib/a
            590 583 254:0 /home/me/f.safetensors /out/f.safetensors rw,relatime - ext4 /dev/vda rw
            591 583 254:0 /home/me/runs /out/runs rw,relatime - ext4 /dev/vda rw
            592 583 254:0 /x /out/two\\040words\\134n rw,relatime - ext4 /dev/vda rw
            """;

    @Test
    void pathsInTheList() {
        assertThat(MountPoints.isOne("/out/f.safetensors", LIST)).isTrue();
        assertThat(MountPoints.isOne("/out/two words\\n", LIST)).isTrue();
        assertThat(MountPoints.isOne("/out/runs/f.safetensors", LIST)).isFalse();
        assertThat(MountPoints.isOne("/home/me/f.safetensors", LIST)).isFalse();
        assertThat(MountPoints.isOne("/out/f.safe", LIST)).isFalse();
        assertThat(MountPoints.isOne("/", "583 459 0:52\n")).isFalse();
    }

    @Test
    void namesAreBytes() {
        String name = "/out/pr\u00fcfung";
        String jnu = System.getProperty("sun.jnu.encoding", "UTF-8");
        String bytes = new String(name.getBytes(Charset.forName(jnu)), StandardCharsets.ISO_8859_1);

        assertThat(MountPoints.isOne(name, "1 1 0:1 / " + bytes + " rw - ext4 /dev/vda rw\n"))
                .isTrue();
    }

    @Test
    void ofThisSystem(@TempDir Path folder) throws IOException {
        assertThat(MountPoints.isOne(Path.of("/proc"))).isEqualTo(Files.exists(Path.of("/proc/self/mountinfo")));
        assertThat(MountPoints.isOne(Files.createFile(folder.resolve("a")))).isFalse();
    }
}
