// Spec: .specify/memory/constitution.md
plugins {
    alias(libs.plugins.kotlin.jvm)
}

kotlin {
    jvmToolchain(17)
}

dependencies {
    api(libs.coroutines.core)
    compileOnly(libs.json)

    testImplementation(libs.json)
    testImplementation(kotlin("test-junit5"))
    testRuntimeOnly(platform(libs.junit.bom))
    testRuntimeOnly(libs.junit.engine)
    testRuntimeOnly(libs.junit.launcher)
}

tasks.test {
    useJUnitPlatform()
}
