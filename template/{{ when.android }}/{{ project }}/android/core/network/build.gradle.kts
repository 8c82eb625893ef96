// Spec: .specify/memory/constitution.md
plugins {
    alias(libs.plugins.kotlin.jvm)
    `java-test-fixtures`
}

kotlin {
    jvmToolchain(17)
}

dependencies {
    api(project(":core:model"))
    compileOnly(libs.json)

    testFixturesApi(libs.json)
    testImplementation(kotlin("test-junit5"))
    testRuntimeOnly(platform(libs.junit.bom))
    testRuntimeOnly(libs.junit.engine)
    testRuntimeOnly(libs.junit.launcher)
}

tasks.test {
    useJUnitPlatform()
}
